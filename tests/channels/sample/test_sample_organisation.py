"""The sample organisation as a whole: repeatable, complete, in order, and of the promised size."""

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from gloed.channels.sample import plan, world
from gloed.channels.sample.generate import sample_organisation
from gloed.channels.sample.values import SampleOrganisation

_DIGEST = """
import hashlib, sys
from datetime import date
from gloed.channels.sample.generate import sample_organisation
made = sample_organisation(seed=7, today=date(2026, 3, 1))
print(hashlib.sha256(repr(made).encode()).hexdigest(), "django" in sys.modules)
"""


def _in_new_process(hash_seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-c", _DIGEST], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_same_seed_makes_the_same_values_in_every_process_and_needs_no_django() -> None:
    first, second = _in_new_process("1"), _in_new_process("4242")
    assert first == second
    assert first.endswith(" False")


def test_another_seed_makes_other_people_and_answers(sample: SampleOrganisation) -> None:
    other = sample_organisation(seed=11, today=sample.ends_on)
    assert {p.public_id for p in other.persons}.isdisjoint(p.public_id for p in sample.persons)
    assert [r.rating for r in other.responses[:200]] != [r.rating for r in sample.responses[:200]]
    assert 9_000 <= len(other.responses) <= 12_000


def test_a_leap_day_is_a_day_like_any_other() -> None:
    made = sample_organisation(seed=3, today=date(2028, 2, 29))
    assert made.starts_on == date(2026, 3, 1)
    assert 9_000 <= len(made.responses) <= 12_000


def test_has_the_promised_volume(sample: SampleOrganisation) -> None:
    assert 9_000 <= len(sample.responses) <= 12_000
    assert 25_000 <= len(sample.invitations) <= 40_000
    written = sum(bool(response.verbatim) for response in sample.responses)
    assert 0.40 <= written / len(sample.responses) <= 0.50
    english = sum(bool(r.verbatim) and r.language == "en" for r in sample.responses)
    assert 0.16 <= english / written <= 0.24


def test_journey_has_seven_touchpoints_in_order_each_with_a_survey(
    sample: SampleOrganisation,
) -> None:
    assert [touchpoint.order for touchpoint in sample.touchpoints] == [1, 2, 3, 4, 5, 6, 7]
    metrics = {survey.touchpoint: survey.metric for survey in sample.surveys}
    assert metrics.pop(None) == "nps"
    assert metrics == {touchpoint.key: touchpoint.metric for touchpoint in sample.touchpoints}
    assert set(metrics.values()) == {"nps", "csat", "ces"}


def test_every_text_exists_in_both_languages(sample: SampleOrganisation) -> None:
    texts = [
        text
        for survey in sample.surveys
        for text in (
            survey.name,
            survey.question,
            survey.low_label,
            survey.high_label,
            survey.open_question,
        )
    ]
    texts += [team.name for team in sample.teams]
    texts += [text for point in sample.touchpoints for text in (point.name, point.expectation)]
    texts += [event.name for event in sample.events]
    assert all(text.nl and text.en for text in texts)


def test_references_resolve_and_identities_are_unique(sample: SampleOrganisation) -> None:
    persons = {person.public_id for person in sample.persons}
    invitations = {invitation.public_id: invitation for invitation in sample.invitations}
    responses = {response.public_id for response in sample.responses}
    accounts = {account.public_id for account in sample.accounts}
    assert len(persons) == len(sample.persons)
    assert len(invitations) == len(sample.invitations)
    assert len(responses) == len(sample.responses)
    assert {person.account_id for person in sample.persons} - {None} == accounts
    assert {invitation.person_id for invitation in sample.invitations} <= persons
    for response in sample.responses:
        invitation = invitations[response.invitation_id]
        assert (invitation.person_id, invitation.survey) == (response.person_id, response.survey)
    answered = [i.public_id for i in sample.invitations if i.disposition in {"complete", "partial"}]
    assert Counter(answered) == Counter(response.invitation_id for response in sample.responses)


def test_every_rating_lies_on_its_scale_and_every_point_is_used(
    sample: SampleOrganisation,
) -> None:
    for survey in sample.surveys:
        ratings = {r.rating for r in sample.responses if r.survey == survey.key}
        allowed = set(range(survey.low, survey.high + 1))
        assert ratings <= allowed
        if survey.key != "outage":
            assert ratings == allowed


def test_all_moments_lie_in_order_inside_the_history(sample: SampleOrganisation) -> None:
    zone = ZoneInfo(sample.organisation.timezone)
    start = datetime.combine(sample.starts_on, time(0), tzinfo=zone)
    end = datetime.combine(sample.ends_on, time(0), tzinfo=zone)
    sent = {invitation.public_id: invitation.sent_at for invitation in sample.invitations}
    assert sample.ends_on - sample.starts_on == timedelta(days=730)
    for response in sample.responses:
        assert response.answered_at.tzinfo is UTC
        assert start <= sent[response.invitation_id] < response.answered_at < end
        if response.completed_at is not None:
            assert response.answered_at < response.completed_at <= end
        if response.withdrawn_at is not None:
            assert response.answered_at < response.withdrawn_at < end
    moments = [response.answered_at for response in sample.responses]
    assert moments == sorted(moments)


def test_nobody_is_asked_twice_within_the_rest_period(sample: SampleOrganisation) -> None:
    asked: dict[object, list[datetime]] = {}
    for invitation in sample.invitations:
        asked.setdefault(invitation.person_id, []).append(invitation.sent_at)
    for moments in asked.values():
        assert all(
            later - earlier > plan.REST_PERIOD - timedelta(days=1)
            for earlier, later in pairwise(sorted(moments))
        )
    assert {skipped.reason for skipped in sample.not_asked} == {"resting", "opted_out"}


def test_nobody_is_asked_after_opting_out(sample: SampleOrganisation) -> None:
    out: set[object] = set()
    for invitation in sorted(sample.invitations, key=lambda item: item.sent_at):
        assert invitation.person_id not in out
        if invitation.disposition == "opted_out":
            out.add(invitation.person_id)
    assert out


def test_coverage_can_be_shown(sample: SampleOrganisation) -> None:
    for survey, planned in plan.RESPONSE_RATES.items():
        fates = [i.disposition for i in sample.invitations if i.survey == survey]
        rate = sum(fate in {"complete", "partial"} for fate in fates) / len(fates)
        assert rate == pytest.approx(planned, abs=0.09)


def test_has_the_awkward_cases_that_real_records_have(sample: SampleOrganisation) -> None:
    statuses = Counter(response.status for response in sample.responses)
    assert statuses["withdrawn"] == plan.WITHDRAWN_ANSWERS
    assert 100 <= statuses["partial"] <= 350
    for response in sample.responses:
        assert (response.withdrawn_at is not None) == (response.status == "withdrawn")
        assert (response.completed_at is None) == (response.status == "partial")
        assert response.status != "partial" or not response.verbatim
    often = Counter(response.person_id for response in sample.responses).values()
    assert sum(times >= 7 for times in often) >= 5
    assert {response.device for response in sample.responses} == {"mobile", "desktop"}
    business = sum(dict(r.attributes)["customer_type"] == "Zakelijk" for r in sample.responses)
    assert 30 <= business <= 150


def test_attributes_are_kept_as_they_were_then(sample: SampleOrganisation) -> None:
    definitions = {definition.key: definition for definition in sample.attribute_definitions}
    contracts: dict[object, set[str]] = {}
    for response in sample.responses:
        known = dict(response.attributes)
        contracts.setdefault(response.person_id, set()).add(known["contract"])
        assert ("wait_minutes" in known) == (response.survey == "phone")
        for key, value in known.items():
            definition = definitions[key]
            assert not definition.values or value in definition.values
            assert definition.kind != "integer" or value.isdigit()
        assert date.fromisoformat(known["customer_since"]) <= response.answered_at.date()
    changed = sum(len(had) > 1 for had in contracts.values())
    assert changed >= 50


def test_one_team_has_fourteen_answers_and_one_touchpoint_too_few(
    sample: SampleOrganisation,
) -> None:
    teams = Counter(response.team for response in sample.responses)
    assert teams[world.SMALL_TEAM] == 14
    assert set(teams) - {None} == {team.key for team in sample.teams}
    assert min(count for key, count in teams.items() if key != world.SMALL_TEAM) > 300
    touchpoints = Counter(response.touchpoint for response in sample.responses)
    assert touchpoints["outage"] < 100
    assert min(count for key, count in touchpoints.items() if key != "outage") > 400


def test_volume_follows_the_seasons(sample: SampleOrganisation) -> None:
    months = Counter(r.answered_at.month for r in sample.responses if r.survey == "bill")
    assert months[1] + months[2] > 1.5 * (months[6] + months[7])
    weekdays = Counter(i.sent_at.weekday() for i in sample.invitations if not i.wave)
    assert weekdays[0] > 2 * weekdays[6]


def test_people_and_staff_live_at_example_domains_only(sample: SampleOrganisation) -> None:
    domains = {person.email.split("@")[1] for person in sample.persons}
    assert domains == {"example.nl", "example.com", "example.org"}
    assert {staff.email.split("@")[1] for staff in sample.staff} == {"zilverwiek.example.nl"}
    assert {staff.role for staff in sample.staff} == {
        "owner",
        "manager",
        "analyst",
        "frontline",
        "viewer",
    }
    assert len({person.email for person in sample.persons}) == len(sample.persons)
    assert all(person.email.isascii() for person in sample.persons)
