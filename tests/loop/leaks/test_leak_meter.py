"""The meter counts every step in the database, and each number is the length of its list."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from gloed.base.models import Membership
from gloed.fieldwork.models import Invitation
from gloed.loop.cases import operations as cases
from gloed.loop.improvements import operations as improving
from gloed.loop.leaks import meter
from gloed.loop.leaks.models import ReadMark
from gloed.loop.leaks.reading import note_read
from gloed.loop.leaks.rules import Count, Energy, Step, Window
from gloed.loop.leaks.steps import PARTS, list_step, wish_of
from gloed.responses import operations as responses
from tests.conftest import NOW

WINDOW = Window(date(2026, 2, 1), date(2026, 3, 31))


@pytest.fixture
def wish(organisation, make_staff):
    staff = make_staff(organisation, "owner", email="o@example.org")
    return wish_of(Membership.objects.get(staff=staff), WINDOW)


def ways(wish):
    """(came, through) of every step where something came."""
    found = meter.tally(wish)
    totals = {step: found.total(step) for step in Step}
    return {step.value: (one.came, one.through) for step, one in totals.items() if one.came}


def test_each_case_counts_as_far_as_it_came(case, wish):
    for until in ("opened", "contacted", "cause", "improvement", "done", "told", "again"):
        case(f"p-{until}", until)
    assert ways(wish) == {
        "asked": (1, 1),  # the one that was asked again
        "delivered": (1, 1),
        "answered": (1, 0),
        "read": (7, 0),
        "case": (7, 7),
        "contacted": (7, 6),
        "cause": (6, 5),
        "improvement": (5, 4),
        "done": (4, 3),
        "told": (3, 2),
        "again": (2, 1),
    }


def test_every_number_is_the_length_of_its_list(case, answer, wish):
    case("a", "told")
    case("b", "cause", team="South")
    answer(1, "c")
    answer(10, "d")
    found = meter.tally(wish)
    for step in Step:
        total = found.total(step)
        lengths = {part: list_step(step, part, wish).count() for part in PARTS}
        assert lengths == {
            "came": total.came,
            "through": total.through,
            "waiting": total.waiting,
        }, step


def test_an_answer_that_somebody_opened_is_read_once(answer, wish, organisation, make_staff):
    first, second = answer(9, "a"), answer(9, "b")
    staff = make_staff(organisation, "viewer")
    assert note_read([first.pk], organisation=organisation, staff=staff, now=NOW) == 1
    later = NOW + timedelta(days=1)
    assert note_read([first.pk], organisation=organisation, staff=None, now=later) == 0
    assert ReadMark.objects.get().read_at == NOW
    assert ways(wish)["read"] == (2, 1)
    assert [one.pk for one in list_step(Step.READ, "waiting", wish)] == [second.pk]


@pytest.mark.parametrize(("rating", "is_low"), [(0, True), (6, True), (7, False), (10, False)])
def test_a_low_answer_without_a_case_is_stuck(answer, wish, rating, is_low):
    answer(rating, "a")
    assert ways(wish).get("case") == ((1, 0) if is_low else None)


def test_what_is_low_agrees_with_the_bands_on_every_scale(organisation, wish):
    from gloed.responses.rules import GivenAnswer, IncomingAnswer
    from gloed.surveys import operations
    from gloed.surveys.queries import get_asked
    from gloed.surveys.rules import SCALES, Band, Metric, band_of

    low = set()
    for metric, scales in SCALES.items():
        for scale in scales:
            content = operations.usual_content(organisation, metric, scale=scale)
            made = operations.create_survey(organisation, title="x", content=content, now=NOW)
            asked = get_asked(operations.open_survey(made, now=NOW).pk)
            for rating in scale.values:
                receipt = responses.receive_answer(
                    IncomingAnswer((GivenAnswer(1, rating=rating),), "api", source_id=str(rating)),
                    survey=asked,
                    now=NOW,
                )
                if band_of(Metric(metric), scale, rating) is Band.DETRACTOR:
                    low.add(receipt.response_id)
    found = list_step(Step.CASE, "waiting", wish).values_list("public_id", flat=True)
    assert {str(one) for one in found} == {str(one) for one in low}


def test_what_an_import_brought_nobody_has_to_read(answer, wish):
    from uuid import uuid4

    one = answer(3, "a")
    type(one).objects.update(batch=uuid4())
    assert ways(wish) == {}


@pytest.mark.parametrize(
    ("disposition", "came", "through"),
    [("sent", 1, 1), ("delivered", 1, 1), ("bounced", 1, 0), ("skipped", None, None)],
)
def test_an_ask_that_came_back_was_not_delivered(
    survey, wish, organisation, disposition, came, through
):
    Invitation.objects.create(
        organisation=organisation,
        survey=survey,
        channel="email",
        disposition=disposition,
        created_at=NOW,
        sent_at=NOW,
    )
    expected = None if came is None else (came, through)
    assert ways(wish).get("delivered") == expected


def test_the_period_is_that_of_the_organisations_clock(answer, organisation, make_staff):
    answer(3, "a", days=0)
    staff = make_staff(organisation, "owner")
    membership = Membership.objects.get(staff=staff)
    day = NOW.date()
    inside = wish_of(membership, Window(day, day))
    before = wish_of(membership, Window(day - timedelta(days=9), day - timedelta(days=1)))
    assert ways(inside)["read"] == (1, 0)
    assert ways(before) == {}


def test_counts_stand_apart_by_team_and_touchpoint(case, wish, team, touchpoint):
    case("a", team="South")
    case("b")
    found = meter.tally(wish)
    assert found.by_team(Step.CONTACTED)[team.pk].came == 1
    assert found.by_team(Step.CONTACTED)[None].came == 1
    assert found.by_touchpoint(Step.CONTACTED)[touchpoint.pk].came == 2


def test_a_team_narrows_everything_but_the_asks_it_has_none_of(case, wish, team):
    from dataclasses import replace

    case("a", "again", team="South")
    case("b", "again")
    narrowed = ways(replace(wish, team=team.pk))
    assert "asked" not in narrowed
    assert narrowed["again"] == (1, 1)


def test_the_oldest_and_the_median_wait(case, wish):
    for days in (1, 5, 20):
        case(f"d{days}", days=days)
    oldest = meter.tally(wish).total(Step.CONTACTED).oldest
    assert oldest == NOW - timedelta(days=20)
    assert meter.median_wait(Step.CONTACTED, 3, wish, now=NOW) == 5


def test_who_was_told_of_the_improvement_counts_as_told(case, wish):
    made = case("a", "done")
    assert ways(wish)["told"] == (1, 0)
    cases.write_line(made, "told_back", now=NOW)
    assert ways(wish)["told"] == (1, 1)


def test_a_case_may_name_its_improvement_itself(case, wish, organisation):
    made = case("a", "cause")
    improving.create_improvement(organisation, {"title": "x"}, by=None, now=NOW, cases=[made])
    assert ways(wish)["improvement"] == (1, 1)


def test_the_three_drains(case, wish, organisation):
    case("a", days=2)
    stuck = case("b", days=12)
    cases.say_no_room(stuck, text="voucher", staff=None, now=NOW)
    case("c", "contacted")
    improving.create_improvement(
        organisation, {"title": "x", "goal": "Fewer calls"}, by=None, now=NOW
    )
    improving.create_improvement(organisation, {"title": "y"}, by=None, now=NOW)
    found = meter.energy(wish, now=NOW)
    assert found.unhandled == (0, 1, 0, 1)
    assert (found.no_room, found.cases) == (1, 3)
    assert (found.goalless, found.improvements) == (1, 2)
    assert [one.title for one in meter.list_energy(Energy.GOALLESS, wish)] == ["y"]


# --- the pages


def listed(client, step, part="waiting"):
    """The list behind a number."""
    wanted = {"from": "2026-02-01", "to": "2026-03-31", "step": step, "part": part}
    return client.get(reverse("leaks:list"), wanted)


def test_the_page_shows_numbers_that_lead_to_their_lists(alice, case, answer):
    case("a", "cause", team="South", days=2)
    page = alice.get(reverse("leaks:meter"), {"from": "2026-02-01", "to": "2026-03-31"})
    assert page.status_code == 200
    for step in Step:
        for part in ("through", "waiting"):
            assert listed(alice, step.value, part).status_code == 200
    html = page.content.decode()
    assert "step=improvement&amp;part=waiting" in html
    assert "#1 A" in listed(alice, "improvement").content.decode()


@pytest.mark.parametrize(
    ("step", "part"), [("nothing", "waiting"), ("read", "nothing"), ("unhandled", "through")]
)
def test_a_list_that_does_not_exist_is_not_found(alice, step, part):
    assert listed(alice, step, part).status_code == 404


@pytest.mark.parametrize("leak", list(Energy))
def test_every_drain_opens_its_list(alice, case, organisation, leak):
    cases.say_no_room(case("a"), staff=None, now=NOW)
    improving.create_improvement(organisation, {"title": "y"}, by=None, now=NOW)
    shown = listed(alice, leak.value).content.decode()
    assert ("#1" in shown) or (leak is Energy.GOALLESS and ">y<" in shown)


@pytest.fixture
def today(monkeypatch):
    """The pages are looked at on the day of the test."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def meter_page(client, **narrowed):
    wanted = {"from": "2026-02-01", "to": "2026-03-31", **narrowed}
    return client.get(reverse("leaks:meter"), wanted)


def count_behind(client, url):
    return client.get(url).context["page"].paginator.count


def test_every_number_by_team_and_touchpoint_opens_its_list(alice, case, today):
    case("a", "cause", team="South", days=2)
    case("b", team="South", days=6)
    case("c", "contacted")
    page = meter_page(alice)
    for rows in (page.context["by_team"], page.context["by_touchpoint"]):
        for _name, url, cells in rows:
            assert alice.get(url).status_code == 200
            for cell in cells:
                assert count_behind(alice, cell.through_url) == cell.count.through
                assert count_behind(alice, cell.waiting_url) == cell.count.waiting
    (south, _url, cells), (nowhere, none_url, others) = page.context["by_team"]
    assert (south, nowhere) == ("South", "none")
    contacted = cells[2]  # read, case, contacted
    assert (contacted.count.through, contacted.count.waiting, contacted.days) == (1, 1, 6)
    assert others[2].count.through == 1
    # the meter of what belongs to no team says so, and its own numbers stay there
    assert alice.get(none_url).context["asked"].team_key == "none"
    html = page.content.decode()
    for bar in (bar for _title, bars in page.context["parts"] for bar in bars):
        assert count_behind(alice, bar.came_url) == bar.count.came
        assert bar.came_url.replace("&", "&amp;") in html or not bar.count.came


def test_the_ages_of_what_nobody_took_up_open_their_lists(alice, case, today):
    for days in (0, 1, 2, 5, 40):
        case(f"d{days}", days=days)
    bands = meter_page(alice).context["energy"]["bands"]
    assert [number for _name, number, _url in bands] == [1, 2, 1, 1]
    assert [count_behind(alice, url) for _name, _number, url in bands] == [1, 2, 1, 1]


def test_old_cases_nobody_took_up_stand_there_whatever_the_period(alice, case):
    case("a", days=25)
    page = alice.get(reverse("leaks:meter"), {"from": "2026-02-25", "to": "2026-02-26"})
    assert page.context["energy"]["unhandled"] == 1
    assert "Nothing on its way yet" not in page.content.decode()


def test_a_goal_that_was_taken_away_leaves_work_without_one(wish, organisation, survey):
    from gloed.analysis.goals import operations as goals

    values = {
        "name": "Better", "about": str(survey.public_id), "value": 30.0,
        "due_on": NOW.date() + timedelta(days=90),
    }  # fmt: skip
    goal = goals.set_goal(organisation, values, by=None, today=NOW.date(), now=NOW)
    improving.create_improvement(
        organisation,
        {"title": "x", "goal": goal.name, "goal_key": goal.public_id},
        by=None,
        now=NOW,
    )
    assert meter.energy(wish, now=NOW).goalless == 0
    goals.remove_goal(goal, by=None, now=NOW)
    assert meter.energy(wish, now=NOW).goalless == 1
    assert [one.title for one in meter.list_energy(Energy.GOALLESS, wish)] == ["x"]
    goals.restore_goal(goal, by=None, now=NOW)
    assert meter.energy(wish, now=NOW).goalless == 0


def test_a_reader_sees_totals_and_no_lists(client_of, organisation, case):
    case("a")
    viewer = client_of(organisation, "viewer")
    page = viewer.get(reverse("leaks:meter"), {"from": "2026-02-01", "to": "2026-03-31"})
    assert "/leaks/list/" not in page.content.decode()
    assert listed(viewer, "contacted").status_code == 403


def test_a_colleague_of_a_team_sees_that_team_alone(client_of, organisation, case, team):
    case("a", team="South")
    case("b")
    member = client_of(organisation, "frontline", teams=[team])
    assert listed(member, "contacted").context["page"].paginator.count == 1
    assert listed(member, "asked", "through").status_code == 200


def test_another_organisation_sees_nothing(charlie, case):
    case("a")
    assert listed(charlie, "contacted").context["page"].paginator.count == 0


def test_the_file_adds_up_to_the_page(alice, case):
    case("a", "cause", team="=South")
    case("b")
    page = alice.get(reverse("leaks:csv"), {"from": "2026-02-01", "to": "2026-03-31"})
    rows = list(csv.DictReader(StringIO(page.content.decode().removeprefix("\ufeff"))))
    assert sum(int(row["came"]) for row in rows if row["step"] == "contacted") == 2
    assert {row["team"] for row in rows} == {"", "'=South"}


@pytest.mark.parametrize("many", [1, 8])
def test_the_page_asks_the_same_however_much_there_is(
    alice, case, many, django_assert_max_num_queries
):
    for number in range(many):
        case(f"p{number}", "cause", team=f"T{number}")
    window = {"from": "2026-02-01", "to": "2026-03-31"}
    alice.get(reverse("leaks:meter"), window)
    with django_assert_max_num_queries(34):
        alice.get(reverse("leaks:meter"), window)
    with django_assert_max_num_queries(16):
        listed(alice, "read")


def test_an_empty_meter_says_what_will_stand_there(alice):
    assert "Nothing on its way yet" in alice.get(reverse("leaks:meter")).content.decode()


def test_counts_are_counts():
    assert Count(0, 0).rate is None
