"""The pages of waves that come again, of exceptions in the policy, and of one person."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from gloed.fieldwork import operations, planning
from gloed.fieldwork.models import ContactPolicy, Wave, WaveSeries
from gloed.fieldwork.rules import Skip
from tests.fieldwork.conftest import MAIL, NOW
from tests.fieldwork.test_fieldwork_pages import plan_values, text_of

NEVER = {
    "never_by": [MAIL.name],
    "relationship_rest_days": 180,
    "conditions-TOTAL_FORMS": 1,
    "conditions-INITIAL_FORMS": 0,
    "conditions-0-name": "regio",
    "conditions-0-relation": "is",
    "conditions-0-values": "Noord",
}


def test_a_plan_that_repeats_becomes_a_series_of_its_own(alice, survey, make_people):
    make_people(3)
    values = {"repeats": "month", "number": "1", "counted_in": "days", "reminder_days": 7}
    answer = alice.post("/fieldwork/plan/", plan_values(survey, sample_share=50, **values))
    series = WaveSeries.objects.get()
    assert answer.url == f"/fieldwork/series/{series.public_id}/"
    assert (series.sample_share, series.reminder_days) == (50, 7)
    page = text_of(alice.get(answer.url))
    assert re.search(r"Once you let it, it begins on \w+ \d+ \w+ \d{4}, 09:00\.", page)
    assert "every month, on day 1 at 09:00" in page
    assert "of 3 people would be asked" in text_of(alice.get(f"{answer.url}today/"))
    assert not Wave.objects.exists()
    alice.post(f"{answer.url}change/", {"to": "begin"})
    assert "Next time: " in text_of(alice.get(answer.url))
    assert "next: " in text_of(alice.get("/fieldwork/"))
    edit = alice.get(f"{answer.url}plan/").content.decode()
    assert re.search(r'value="month"[^>]*checked', edit)
    changed = plan_values(survey, name="Kwartaal", repeats="quarter", number="-1", month="3")
    alice.post(f"{answer.url}plan/", {**changed, "counted_in": "working_days"})
    page = text_of(alice.get(answer.url))
    assert "every quarter, in its third month on the last working day at 09:00" in page
    for to, state in (("pause", "paused"), ("begin", "active"), ("stop", "stopped")):
        alice.post(f"{answer.url}change/", {"to": to})
        assert WaveSeries.objects.get().state == state


def test_a_series_makes_waves_that_lead_back_to_it(alice, survey, make_people, organisation):
    make_people(2)
    plan = {"survey": survey, "name": "Maand", "channel": MAIL.name}
    series = operations.keep_series(organisation, plan, now=NOW)
    operations.begin_series(series, now=NOW)
    operations.make_due_waves(now=NOW + timedelta(days=40))
    wave = Wave.objects.get()
    operations.write_wave(wave.pk, now=NOW + timedelta(days=40))
    assert wave.name in text_of(alice.get(f"/fieldwork/series/{series.public_id}/"))
    page = alice.get(f"/fieldwork/{wave.public_id}/").content.decode()
    assert f"/fieldwork/series/{series.public_id}/" in page


def test_a_series_of_a_closed_survey_does_not_begin_and_a_draft_can_be_thrown_away(
    alice, survey, organisation
):
    plan = {"survey": survey, "name": "Maand", "channel": MAIL.name}
    series = operations.keep_series(organisation, plan, now=NOW)
    survey.state = "closed"
    survey.save()
    url = f"/fieldwork/series/{series.public_id}/"
    answer = alice.post(f"{url}change/", {"to": "begin"}, follow=True)
    assert "It did not begin: open the survey first." in text_of(answer)
    assert "The survey is not open" in text_of(answer)
    alice.post(f"{url}change/", {"to": "delete"})
    assert not WaveSeries.objects.exists()


def test_exceptions_are_sentences_in_an_order_that_can_be_changed(alice, organisation, make_people):
    make_people(10)
    alice.post("/fieldwork/policy/exceptions/new/", NEVER)
    everybody = {**NEVER, "conditions-0-name": "", "never_by": [], "survey_cap": 1}
    alice.post("/fieldwork/policy/exceptions/new/", everybody)
    page = text_of(alice.get("/fieldwork/policy/"))
    first = "Where regio is “Noord”: never by Mail; 180 days of rest between relationship surveys."
    second = (
        "For everybody: 180 days of rest between relationship surveys; "
        "the same survey at most once a year."
    )
    assert page.index(first) < page.index(second)
    counts = text_of(alice.get("/fieldwork/policy/exceptions/count/"))
    assert counts.count("touches 5 people") == 2  # the first takes the others before the second
    one, two = (row["id"] for row in ContactPolicy.objects.get().exemptions)
    alice.post(f"/fieldwork/policy/exceptions/{two}/change/", {"to": "up"})
    assert [row["id"] for row in ContactPolicy.objects.get().exemptions] == [two, one]
    edited = {**NEVER, "relationship_rest_days": 365}
    alice.post(f"/fieldwork/policy/exceptions/{one}/", edited)
    assert ContactPolicy.objects.get().exemptions[1]["relationship_rest_days"] == 365
    alice.post(f"/fieldwork/policy/exceptions/{two}/change/", {"to": "delete"})
    assert [row["id"] for row in ContactPolicy.objects.get().exemptions] == [one]
    empty = {**NEVER, "never_by": [], "relationship_rest_days": ""}
    answer = alice.post("/fieldwork/policy/exceptions/new/", empty)
    assert answer.status_code == 422
    assert "Say what is different for these people." in text_of(answer)


def test_the_numbers_are_kept_when_exceptions_change_and_the_other_way_round(alice, organisation):
    alice.post("/fieldwork/policy/exceptions/new/", NEVER)
    values = {
        "relationship_rest_days": 60, "transactional_rest_days": 20, "survey_cap": 2,
        "quarantine_days": 30, "offer_days": 21, "open_days": 14, "sampling_share": 50,
        "wave_quota": 0, "domain_daily_cap": 100, "country": "none",
    }  # fmt: skip
    alice.post("/fieldwork/policy/", values)
    kept = ContactPolicy.objects.get()
    assert (kept.relationship_rest_days, kept.country, len(kept.exemptions)) == (60, "", 1)


def test_trying_somebody_tells_why_not_and_from_when_on(alice, survey, make_people):
    make_people(2)
    url, asked = "/fieldwork/policy/try/", {"survey": survey.public_id, "channel": MAIL.name}
    assert "Yes, Klant 0 would be asked" in text_of(alice.get(url, {**asked, "who": "c0"}))
    alice.post("/fieldwork/policy/exceptions/new/", NEVER)
    page = text_of(alice.get(url, {**asked, "who": "c1"}))
    assert "No, Klant 1 would not be asked an exception in the contact policy" in page
    assert "For this person an exception holds: Where regio is “Noord”" in page
    assert "Nobody is known as “c9”" in text_of(alice.get(url, {**asked, "who": "c9"}))
    assert alice.get(url, {"who": "c1"}).status_code == 200


def test_a_person_has_their_asks_and_skips_with_reasons(alice, survey, person):
    url = f"/fieldwork/of/{person.public_id}/"
    assert "Nobody has asked this person anything yet." in text_of(alice.get(url))
    for _ in range(2):
        operations.ask_one(survey, person, channel=MAIL.name, now=NOW)
    operations.pause(person, until=timezone.now() + timedelta(days=3), now=NOW)
    operations.set_rhythm(person, days=60, now=NOW)
    part = alice.get(url, headers={"HX-Request": "true", "HX-Target": "person_asks"})
    page = text_of(part)
    assert "not asked: another invitation is open" in page
    assert "asked for a pause until" in page
    assert "at most once in 60 days" in page
    assert "<html" not in part.content.decode()
    assert url in alice.get(f"/people/{person.public_id}/").content.decode()


def test_a_very_large_segment_is_reckoned_from_a_part_and_says_so(
    alice, make_wave, make_people, monkeypatch
):
    make_people(300)
    monkeypatch.setattr("gloed.fieldwork.views.waves.LOOKED_AT", 100)
    wave = make_wave(sample_size=200, segment={})
    page = text_of(alice.get(f"/fieldwork/{wave.public_id}/"))
    assert "About 200 of 300 people would be asked now." in page
    assert "reckoned from 100 of them" in page
    dry_run = planning.plan_wave(wave, now=NOW, most=100)
    assert (dry_run.looked_at, dry_run.segment, dry_run.is_sampled) == (100, 300, True)
    assert dry_run.invited + sum(dry_run.totals.values()) == pytest.approx(300, abs=3)
    assert set(dry_run.totals) == {Skip.NOT_SAMPLED}
    # what is written looks at everybody
    assert planning.plan_wave(wave, now=NOW).invited == 200


@pytest.mark.parametrize("path", ["series/{series}/", "of/{person}/", "policy/"])
def test_a_page_asks_the_database_a_fixed_number_of_questions(
    path, organisation, survey, make_people, count_queries
):
    person = make_people(1)[0]
    plan = {"survey": survey, "name": "Maand", "channel": MAIL.name}
    series = operations.keep_series(organisation, plan, now=NOW)
    operations.begin_series(series, now=NOW)
    path = f"/fieldwork/{path.format(series=series.public_id, person=person.public_id)}"
    one = 0
    for turn in range(1, 4):
        operations.make_due_waves(now=NOW + timedelta(days=40 * turn))
        operations.ask_one(survey, person, channel=MAIL.name, now=NOW)
        one = one or count_queries(path)
    assert count_queries(path) == one <= 13
