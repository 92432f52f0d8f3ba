"""Retention and value, through the real door and by hand."""

import csv
import html
import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import altair as alt
import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gloed.analysis.customers.models import Customer, CustomerFile
from gloed.analysis.customers.value.held import Held, year_before
from gloed.analysis.customers.value.rules import (
    Group,
    at_risk,
    growth_in_year,
    happy_who_left,
    kept_in_year,
    staying,
    unhappy_who_stayed,
)
from gloed.people.models import Person
from gloed.surveys.rules import Band

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
START, END = date(2025, 3, 1), date(2026, 3, 1)
LONG_AGO = date(2020, 1, 1)


def held(key, *, since=LONG_AGO, left=None, revenue=None, before=None, origin="", answers=(),
         asked=None):  # fmt: skip
    return Held(key, since, left, revenue, before, origin, tuple(answers), asked)


def test_the_worked_example_of_retention():
    # methods.md 1.7: S=500, E=520, N=60 -> 92, 89.2893683 to 94.0701871
    stayed = [held(n) for n in range(460)]
    gone = [held(n, left=date(2025, 9, 1)) for n in range(40)]
    new = [held(n, since=date(2025, 9, 1)) for n in range(60)]
    kept = kept_in_year([*stayed, *gone, *new], start=START, end=END)
    assert (kept.start, kept.end, kept.new) == (500, 520, 60)
    rate = kept.retention
    assert (rate.value, rate.low, rate.high) == pytest.approx((92, 89.2893683, 94.0701871))
    assert kept_in_year([], start=START, end=END) is None


def test_the_worked_example_of_earned_growth():
    # methods.md 1.8: 100 -> 130, NRR 85, earned new 25, bought new 20 -> rate 10
    new = {"since": date(2025, 9, 1)}
    customers = [
        held(1, revenue=Decimal(85), before=Decimal(100)),
        held(2, revenue=Decimal(25), origin="earned", **new),
        held(3, revenue=Decimal(20), origin="bought", **new),
    ]
    growth = growth_in_year(customers, start=START, end=END)
    assert growth.net.value == pytest.approx(85)
    assert growth.earned.value == pytest.approx(10)
    assert growth.net.low is None  # a closed ledger has no interval
    assert growth_in_year([held(1, revenue=Decimal(1))], start=START, end=END) is None


def test_unknown_origin_makes_a_range():
    new = {"since": date(2025, 9, 1)}
    customers = [
        held(1, revenue=Decimal(85), before=Decimal(100)),
        held(2, revenue=Decimal(25), origin="earned", **new),
        held(3, revenue=Decimal(20), **new),
    ]
    earned = growth_in_year(customers, start=START, end=END).earned
    assert (earned.low, earned.high) == pytest.approx((10, 30))


def test_the_clock_starts_at_the_answer_and_the_silent_are_a_curve_of_their_own():
    answered = [(date(2025, 6, 1), Band.DETRACTOR)]
    customers = [
        held(1, left=date(2025, 7, 1), answers=answered),
        held(2, answers=[(date(2025, 6, 1), Band.PROMOTER), (date(2025, 9, 1), Band.DETRACTOR)]),
        held(3, asked=date(2025, 6, 1), left=date(2025, 8, 30)),  # 60 days after it fell silent
        held(4, asked=date(2025, 6, 1), answers=[(date(2025, 6, 20), Band.PASSIVE)]),
        held(5, asked=date(2025, 6, 1), answers=[(date(2025, 8, 1), Band.PASSIVE)]),
    ]
    found = staying(customers, until=END, minimum=1)
    sizes = {group: (curve.n, curve.lost) for group, curve in found.curves.items()}
    assert sizes == {
        Group.DETRACTOR: (1, 1),
        Group.PROMOTER: (1, 0),
        Group.PASSIVE: (2, 0),
        Group.SILENT: (2, 1),  # the fifth was silent for a month, then answered
    }
    assert found.curves[Group.DETRACTOR].points[0].time == 30
    assert found.curves[Group.SILENT].points[0].time == 60
    assert set(staying(customers, until=END, minimum=2).curves) == {Group.PASSIVE, Group.SILENT}


def test_groups_that_differ_are_told_apart():
    day = date(2025, 3, 10)
    low = [held(n, left=day + timedelta(days=30 + n), answers=[(day, Band.DETRACTOR)])
           for n in range(40)]  # fmt: skip
    high = [held(100 + n, answers=[(day, Band.PROMOTER)]) for n in range(40)]
    assert staying([*low, *high], until=END, minimum=5).is_clear
    assert not staying(high, until=END, minimum=5).is_clear


def test_revenue_at_risk_by_hand():
    # the example of stats.revenue_at_risk: 600 x 5% + 200 x 20% = 70, of which 30 above promoters
    def group(n, lost, band, total):
        said = [(date(2025, 1, 1), band)]
        stay = n - lost
        gone = [held(1, left=date(2025, 9, 1), answers=said) for _ in range(lost)]
        there = [held(2, revenue=Decimal(total) / stay, answers=said) for _ in range(stay)]
        return [*gone, *there]

    customers = [*group(300, 15, Band.PROMOTER, 600), *group(100, 20, Band.DETRACTOR, 200)]
    found = at_risk(customers, start=START, end=END, minimum=5)
    assert found.risk.total.value == pytest.approx(70, abs=1e-6)
    assert found.risk.excess.value == pytest.approx(30, abs=1e-6)
    assert at_risk(group(100, 20, Band.DETRACTOR, 200), start=START, end=END, minimum=5) is None


def test_the_two_odd_lists():
    happy = [(date(2025, 1, 1), Band.DETRACTOR), (date(2025, 5, 1), Band.PROMOTER)]
    after = [(date(2025, 5, 1), Band.DETRACTOR), (date(2025, 9, 1), Band.PROMOTER)]
    customers = [
        held(1, left=date(2025, 6, 1), answers=happy),
        held(2, left=date(2025, 6, 1), answers=after),  # praise after leaving is no praise
        held(3, answers=[(date(2025, 5, 1), Band.DETRACTOR)], revenue=Decimal(5)),
        held(4, answers=[(date(2025, 5, 1), Band.DETRACTOR)], revenue=Decimal(50)),
        held(5, answers=after),
    ]
    assert [one.key for one in happy_who_left(customers, until=END)] == [1]
    assert [one.key for one in unhappy_who_stayed(customers, until=END)] == [4, 3]


@given(st.lists(st.tuples(st.integers(0, 2000), st.none() | st.integers(0, 2500)), max_size=40))
def test_retention_never_counts_more_than_there_were(spans):
    customers = []
    for n, (since, days) in enumerate(spans):
        begin = LONG_AGO + timedelta(days=since)
        left = None if days is None else begin + timedelta(days=days)
        customers.append(held(n, since=begin, left=left))
    kept = kept_in_year(customers, start=START, end=END)
    if kept is not None:
        assert kept.retention.value + kept.churn.value == pytest.approx(100)
        assert 0 <= kept.end - kept.new <= kept.start


def test_a_leap_day_has_a_year_before():
    assert year_before(date(2024, 2, 29)) == date(2023, 2, 28)


@pytest.fixture
def file(organisation, make_survey, answer, rebuild):
    """Sixty customers: promoters stay, of the detractors half left."""
    survey = make_survey(organisation)
    kept = CustomerFile.objects.create(
        organisation=organisation, file_name="c.csv", as_of=END, state="kept",
        created_at=NOW, kept_at=NOW,
    )  # fmt: skip
    for n in range(60):
        rating = 9 if n % 2 else 2
        person = Person.objects.create(organisation=organisation, name=f"P{n}", created_at=NOW)
        answer(survey, rating, at=datetime(2025, 1, 10, 12, tzinfo=UTC), person=person)
        left = date(2025, 4, 1) + timedelta(days=n) if n % 4 == 0 else None
        left = date(2025, 8, 1) if n == 1 else left
        Customer.objects.create(
            file=kept, row=n + 2, key=f"K{n}", person=person, started_on=LONG_AGO, ended_on=left,
            revenue=Decimal(0) if left else Decimal(100), revenue_before=Decimal(100),
        )  # fmt: skip
    rebuild(organisation)
    return kept


def page(client, name="value", *args, status=200):
    response = client.get(reverse(f"customers:{name}", args=args),
                          headers={"accept-language": "en"})  # fmt: skip
    assert response.status_code == status, response.content.decode()[:500]
    return html.unescape(response.content.decode())


def test_the_page_tells_it_all(alice, file):
    text = page(alice)
    assert "Of every hundred customers of a year ago, 73 are still there" in text
    assert "73% (61 to 83%)" in text
    assert "What the same customers pay is 73% of what they paid a year before." in text
    assert "The groups differ by more than chance." in text
    assert "This is not what a higher score would save." in text
    assert "If each group leaves as it did last year" in text
    (spec,) = re.findall(r'<script id="staying_spec" type="application/json">(.+?)</script>', text)
    alt.Chart.from_dict(json.loads(spec), validate=True)
    drawn = json.loads(spec)["data"]["values"]
    assert {one["low"] for one in drawn if one["share"] == 1} == {None}, "all there, yet not sure"
    assert all(one["low"] < one["share"] < one["high"] for one in drawn if 0 < one["share"] < 1)


def test_the_lists_open_the_person(alice, file):
    left = page(alice, "value_list", "left")
    person = Person.objects.get(name="P1")
    assert f"/people/{person.public_id}/" in left
    assert "P2<" in page(alice, "value_list", "stayed")
    response = alice.get(reverse("customers:value_list_csv", args=["stayed"]))
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 15
    page(alice, "value_list", "nothing", status=404)


def test_the_numbers_of_the_curves_can_be_taken_along(alice, file):
    response = alice.get(reverse("customers:curves_csv"))
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert {row["group"] for row in rows} == {"promoters", "detractors"}


def test_a_team_member_is_told_why_there_is_nothing(client_of, organisation, file):
    frontline = client_of(organisation, "frontline")
    assert "This is about all customers" in page(frontline)
    page(frontline, "curves_csv", status=403)


def test_viewers_see_numbers_and_no_names(client_of, organisation, file):
    viewer = client_of(organisation, "viewer")
    assert "Happy customers who left" not in page(viewer)
    page(viewer, "value_list", "left", status=403)


def test_strangers_see_nothing(charlie, file):
    assert "Here it will stand whether customers stay" in page(charlie)
    page(charlie, "file", file.public_id, status=404)
    page(charlie, "value_list", "left", status=404)
