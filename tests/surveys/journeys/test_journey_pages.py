"""The pages of journeys, through the real door and without a script."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gloed.base.models import AuditEntry
from gloed.surveys import operations as surveys
from gloed.surveys.journeys import operations, queries
from gloed.surveys.journeys.operations import Facts
from gloed.surveys.models import Touchpoint
from gloed.surveys.models.journey import Journey, Phase
from gloed.surveys.rules import Metric, Scale

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LIST, NEW = reverse("journeys:list"), reverse("journeys:add")
ENGLISH = {"accept-language": "en"}


def page(name, thing):
    return reverse(f"journeys:{name}", args=[thing.public_id])


def touchpoint(name):
    return Touchpoint.objects.get(name=name)


def survey_at(organisation, name, metric=Metric.CSAT, **kwargs):
    content = surveys.usual_content(organisation, metric, **kwargs)
    made = surveys.create_survey(
        organisation,
        title=f"{metric} at {name}",
        content=content,
        kind="transactional",
        touchpoint=name,
        now=NOW,
    )
    return surveys.open_survey(made, now=NOW)


def test_an_empty_list_offers_a_journey_to_begin_with(alice, client_of, organisation):
    assert NEW in alice.get(LIST).text
    assert NEW not in client_of(organisation, "viewer").get(LIST).text
    alice.post(NEW, {"start": "private", "name": ""})
    journey = Journey.objects.get()
    assert len(queries.read_plan(journey).stretches) == 5
    assert page("arrange", journey) in alice.get(LIST).text


def test_a_journey_begins_in_the_language_of_who_begins_it(alice):
    alice.post(NEW, {"start": "private", "name": "Klanten"}, headers={"accept-language": "nl"})
    assert Phase.objects.filter(name="Klant worden").exists()


def test_an_empty_journey_needs_a_name(alice):
    assert alice.post(NEW, {"start": "empty", "name": ""}).status_code == 422
    assert alice.post(NEW, {"start": "nonsense"}).status_code == 422
    assert alice.post(NEW, {"start": "empty", "name": "Zakelijk"}).status_code == 302
    assert str(Journey.objects.get()) == "Zakelijk"


def test_arranging_with_plain_buttons(alice, journey, order):
    alice.post(page("move", touchpoint("A")), {"step": "down"})
    assert order()["Before"] == "BA"
    alice.post(page("move_phase", Phase.objects.get(name="After")), {"step": "up"})
    assert list(order()) == ["After", "Before"]
    answer = alice.post(page("add_phase", journey), {"name": "Later"})
    assert answer["Location"].endswith("#end")
    later = Phase.objects.get(name="Later")
    alice.post(page("rename_phase", later), {"name": "Much later"})
    alice.post(page("add_touchpoint", later), {"name": "D"})
    assert order()["Much later"] == "D"
    alice.post(page("rename", journey), {"name": "Iedereen"})
    assert "Iedereen" in alice.get(page("arrange", journey)).text


def test_what_the_script_sends_is_answered_shortly(alice, journey, order):
    after = Phase.objects.get(name="After")
    answer = alice.post(
        page("move", touchpoint("A")),
        {"quiet": "1", "phase": after.public_id, "before": touchpoint("C").public_id},
    )
    assert (answer.status_code, answer.content) == (204, b"")
    assert order() == {"Before": "B", "After": "AC"}
    answer = alice.post(page("move_phase", after), {"quiet": "1", "before": "nonsense"})
    assert answer.status_code == 204


def test_a_refusal_is_said_in_words(alice, journey):
    after = Phase.objects.get(name="After")
    answer = alice.post(page("add_touchpoint", after), {"name": "a"}, follow=True, headers=ENGLISH)
    assert "stands in a journey already" in answer.text
    answer = alice.post(page("add_phase", journey), {"name": " "}, follow=True, headers=ENGLISH)
    assert "Give it a name first" in answer.text


@pytest.mark.parametrize(
    ("remove", "restore", "find"),
    [
        ("remove_touchpoint", "restore_touchpoint", lambda: touchpoint("A")),
        ("remove_phase", "restore_phase", lambda: Phase.objects.get(name="Before")),
        ("remove", "restore", Journey.objects.get),
    ],
)
def test_whatever_is_removed_can_be_undone_on_the_next_page(
    alice, journey, order, remove, restore, find
):
    thing = find()
    answer = alice.post(page(remove, thing), follow=True)
    assert page(restore, thing) in answer.text
    thing.refresh_from_db()
    assert thing.removed_at
    alice.post(page(restore, thing))
    assert order() == {"Before": "AB", "After": "C"}
    assert AuditEntry.objects.filter(action__endswith=".removed").count() == 1


def test_what_is_removed_is_not_moved(alice, journey):
    operations.remove(touchpoint("A"), by=None, now=NOW)
    assert alice.post(page("move", touchpoint("A")), {"step": "up"}).status_code == 404
    before = Phase.objects.get(name="Before")
    operations.remove(before, by=None, now=NOW)
    assert alice.post(page("move_phase", before), {"step": "up"}).status_code == 404
    operations.remove(journey, by=None, now=NOW)
    assert alice.get(page("arrange", journey)).status_code == 404


def test_only_who_may_edit_arranges(client_of, organisation, journey):
    frontline = client_of(organisation, "frontline")
    assert frontline.get(page("arrange", journey)).status_code == 403
    assert frontline.post(page("move", touchpoint("A")), {"step": "down"}).status_code == 403
    text = frontline.get(page("touchpoint", touchpoint("A"))).text
    assert page("change", touchpoint("A")) not in text
    assert reverse("surveys:create") not in text


def test_another_organisations_things_are_not_moved_into_ours(
    charlie, other_organisation, journey, order
):
    theirs = Touchpoint.objects.create(organisation=other_organisation, name="Theirs")
    before = Phase.objects.get(name="Before")
    answer = charlie.post(page("move", theirs), {"quiet": "1", "phase": before.public_id})
    assert answer.status_code == 204
    theirs.refresh_from_db()
    assert theirs.phase is None
    assert charlie.post(page("add_touchpoint", before), {"name": "X"}).status_code == 404
    assert order() == {"Before": "AB", "After": "C"}


def fields(**changed):
    return {
        "name": "A",
        "expectation": "",
        "owner": "",
        "metric": "",
        "good_enough": "",
    } | changed


def test_a_touchpoint_is_written_and_read(alice, journey, organisation):
    member = organisation.memberships.first()
    url = page("change", touchpoint("A"))
    wanted = fields(expectation="Snel.", owner=member.public_id, metric="csat", good_enough="65")
    assert alice.post(url, wanted)["Location"] == page("touchpoint", touchpoint("A"))
    text = alice.get(page("touchpoint", touchpoint("A")), headers=ENGLISH).text
    assert "“Snel.”" in text
    assert "At least 65% of the answers are satisfied." in text
    assert str(member) in text
    assert f"{reverse('surveys:create')}?touchpoint=A&amp;metric=csat" in text


@pytest.mark.parametrize(
    ("metric", "line", "is_kept"),
    [
        ("nps", "-101", False),
        ("nps", "-5", True),
        ("csat", "101", False),
        ("ces", "7.5", False),
        ("ces", "5.5", True),
        ("", "5", False),
    ],
)
def test_a_line_fits_its_metric(alice, journey, metric, line, is_kept):
    answer = alice.post(page("change", touchpoint("A")), fields(metric=metric, good_enough=line))
    assert answer.status_code == (302 if is_kept else 422)
    assert (touchpoint("A").good_enough is not None) == is_kept


def test_the_line_of_effort_remembers_its_scale(alice, journey, organisation):
    survey_at(organisation, "A", Metric.CES, scale=Scale(1, 5))
    url = page("change", touchpoint("A"))
    assert alice.post(url, fields(metric="ces", good_enough="6")).status_code == 422
    alice.post(url, fields(metric="ces", good_enough="4"))
    assert (touchpoint("A").good_enough, touchpoint("A").line_top) == (4, 5)


def test_a_second_metric_is_warned_of_and_kept_only_on_purpose(alice, journey, organisation):
    survey_at(organisation, "A")
    url = page("change", touchpoint("A"))
    answer = alice.post(url, fields(metric="nps"), headers=ENGLISH)
    assert answer.status_code == 422
    assert "two yardsticks" in answer.text
    assert touchpoint("A").metric == ""
    assert alice.post(url, fields(metric="nps", keep_both="on")).status_code == 302
    assert "two yardsticks" in alice.get(page("touchpoint", touchpoint("A")), headers=ENGLISH).text
    # what stands is not asked about again
    assert alice.post(url, fields(metric="nps", expectation="Snel.")).status_code == 302


def test_relationship_and_moment_at_one_touchpoint_are_told_apart(alice, journey, organisation):
    survey_at(organisation, "A", Metric.NPS)
    content = surveys.usual_content(organisation, Metric.NPS)
    surveys.create_survey(organisation, title="R", content=content, touchpoint="A", now=NOW)
    text = alice.get(page("touchpoint", touchpoint("A")), headers=ENGLISH).text
    assert "counts only what was asked about the moment itself" in text


@pytest.mark.parametrize("rows", [1, 30])
def test_pages_ask_as_many_questions_for_one_touchpoint_as_for_thirty(
    alice, owner, organisation, rows
):
    journey = operations.add_journey(organisation, "Klanten", by=owner, now=NOW)
    phase = operations.add_phase(journey, "Before", by=owner, now=NOW)
    member = owner.memberships.get()
    for number in range(rows):
        name = f"T{number:02}"
        operations.add_touchpoint(organisation, name, phase=phase, by=owner, now=NOW)
        facts = Facts(name, "csat", member)
        operations.change_touchpoint(touchpoint(name), facts, by=owner, now=NOW)
        survey_at(organisation, name)
        Touchpoint.objects.create(organisation=organisation, name=f"U{number:02}")
    for url, expected in ((LIST, 7), (page("arrange", journey), 10)):
        alice.get(url)
        with CaptureQueriesContext(connection) as captured:
            alice.get(url)
        assert len(captured) == expected, url


def test_a_survey_begins_at_its_touchpoint_and_leads_back_to_it(alice, journey):
    text = alice.get(reverse("surveys:create"), {"touchpoint": "A", "metric": "nps"}).text
    assert 'value="A"' in text
    wanted = {"title": "Visit", "metric": "nps", "touchpoint": "A", "languages": ["en"]}
    alice.post(reverse("surveys:create"), wanted)
    survey = touchpoint("A").surveys.get()
    assert survey.kind == "transactional"
    url = reverse("surveys:detail", args=[survey.public_id])
    assert page("touchpoint", touchpoint("A")) in alice.get(url).text
    assert url in alice.get(page("touchpoint", touchpoint("A"))).text


def test_a_survey_with_a_second_metric_is_warned_of_before_it_is_made(alice, journey, organisation):
    survey_at(organisation, "A")
    wanted = {"title": "Visit", "metric": "nps", "touchpoint": "A", "languages": ["en"]}
    answer = alice.post(reverse("surveys:create"), wanted, headers=ENGLISH)
    assert answer.status_code == 422
    assert "two yardsticks" in answer.text
    assert touchpoint("A").surveys.count() == 1
    alice.post(reverse("surveys:create"), wanted | {"keep_both": "on"})
    assert touchpoint("A").surveys.count() == 2


def test_asking_again_brings_a_removed_touchpoint_back(journey, order, organisation):
    operations.remove(touchpoint("A"), by=None, now=NOW)
    survey_at(organisation, "A")
    assert order()["Before"] == "AB"
