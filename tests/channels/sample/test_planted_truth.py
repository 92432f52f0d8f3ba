"""What was planted can be found again, as large as planned, and only where it was planted."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from statistics import mean, median
from zoneinfo import ZoneInfo

import pytest

from gloed.channels.sample import plan
from gloed.channels.sample.answers import band, latent, team_of
from gloed.channels.sample.asking import Occasion
from gloed.channels.sample.people import Customer, make_accounts, make_customers
from gloed.channels.sample.values import Response, SampleOrganisation
from gloed.stats import Metric, difference, nps

_ZONE = ZoneInfo("Europe/Amsterdam")
Where = Callable[[Response], bool]


def _ratings(responses: Iterable[Response], *where: Where) -> list[int]:
    return [item.rating for item in responses if all(test(item) for test in where)]


def _of(survey: str) -> Where:
    return lambda item: item.survey == survey


def _between(first: date, end: date) -> Where:
    return lambda item: first <= item.answered_at.astimezone(_ZONE).date() < end


def _in_cell(item: Response) -> bool:
    known = dict(item.attributes)
    return known["contract"] == "Variabel" and known["region"] in {"Oost", "Zuid"}


def _elsewhere(item: Response) -> bool:
    return not _in_cell(item)


@pytest.fixture(scope="module")
def customers(sample: SampleOrganisation) -> tuple[Customer, ...]:
    accounts = make_accounts(sample.seed)
    return make_customers(
        sample.seed, starts_on=sample.starts_on, today=sample.ends_on, accounts=accounts
    )


def test_dip_holds_one_whole_relationship_wave(sample: SampleOrganisation) -> None:
    dip = sample.dip
    assert dip.starts_on.weekday() == 0
    assert dip.fixed_on - dip.starts_on == timedelta(weeks=10)
    inside = [
        wave.key
        for wave in sample.waves
        if dip.starts_on + timedelta(days=10) <= wave.starts_on and wave.ends_on <= dip.fixed_on
    ]
    assert inside == ["relationship-5"]


@pytest.mark.parametrize(
    ("days_in", "expected"),
    [(-1, 0.0), (0, 0.1), (9, 1.0), (69, 1.0), (70, 0.5), (147, 0.25), (224, 0.0)],
)
def test_dip_rises_in_ten_days_and_fades_slowly_after_the_fix(
    days_in: int, expected: float
) -> None:
    dip = plan.dip_for(date(2026, 11, 21))
    assert plan.strength(dip, dip.starts_on + timedelta(days=days_in)) == pytest.approx(expected)


def test_dip_touches_only_its_own_customers_and_surveys(
    sample: SampleOrganisation, customers: tuple[Customer, ...]
) -> None:
    quiet, bad = sample.dip.starts_on - timedelta(days=1), sample.dip.starts_on + timedelta(days=30)
    touched = set()
    for customer in customers[:1500]:
        steady = customer.lifecycle(quiet) == customer.lifecycle(bad)
        same = customer.attributes(quiet) == customer.attributes(bad) and steady
        for survey in ("bill", "relationship", "renewal", "switching", "outage"):
            before, during = (
                latent(occasion, team_of(occasion), dip=sample.dip, today=sample.ends_on)
                for occasion in (
                    Occasion(quiet, customer, survey),
                    Occasion(bad, customer, survey),
                )
            )
            if same and before != during:
                touched.add((survey, customer.contract(bad), customer.region(bad)))
                assert during - before == pytest.approx(plan.DIP_EFFECT[survey])
    assert touched == {
        (survey, "Variabel", region) for survey in plan.DIP_EFFECT for region in ("Oost", "Zuid")
    }


def test_bill_satisfaction_collapses_in_the_cell_and_nowhere_else(
    sample: SampleOrganisation,
) -> None:
    dip = sample.dip
    window = _between(dip.starts_on + timedelta(days=10), dip.fixed_on)
    before = _between(sample.starts_on, dip.starts_on)
    changes = {}
    for name, where in (("cell", _in_cell), ("elsewhere", _elsewhere)):
        changes[name] = difference(
            _ratings(sample.responses, _of("bill"), where, before),
            _ratings(sample.responses, _of("bill"), where, window),
            metric=Metric.CSAT,
        )
    assert changes["cell"].high < -25
    assert changes["elsewhere"].low < 0 < changes["elsewhere"].high


def test_relationship_nps_falls_in_the_wave_inside_the_dip_and_recovers(
    sample: SampleOrganisation,
) -> None:
    waves = {invitation.public_id: invitation.wave for invitation in sample.invitations}

    def in_waves(*numbers: int) -> Where:
        return lambda item: waves[item.invitation_id] in {f"relationship-{n}" for n in numbers}

    before = _ratings(sample.responses, in_waves(1, 2, 3, 4))
    fall = difference(before, _ratings(sample.responses, in_waves(5)))
    back = difference(before, _ratings(sample.responses, in_waves(8)))
    assert fall.high < -3
    assert back.low < 0 < back.high
    cell = [nps(_ratings(sample.responses, in_waves(n), _in_cell)).value for n in (5, 6, 7)]
    assert cell == sorted(cell)
    assert cell[0] < -40
    rest = difference(
        _ratings(sample.responses, in_waves(1, 2, 3, 4), _elsewhere),
        _ratings(sample.responses, in_waves(5), _elsewhere),
    )
    assert rest.low < 0 < rest.high


def test_waiting_on_the_phone_rises_and_makes_calls_harder(sample: SampleOrganisation) -> None:
    dip = sample.dip
    window, before = (
        _between(dip.starts_on + timedelta(days=10), dip.fixed_on),
        _between(sample.starts_on, dip.starts_on),
    )

    def waits(when: Where) -> list[int]:
        calls = [item for item in sample.responses if item.survey == "phone" and when(item)]
        return [int(dict(item.attributes)["wait_minutes"]) for item in calls]

    assert 4 <= median(waits(before)) <= 8
    assert 27 <= median(waits(window)) <= 42
    harder = difference(
        _ratings(sample.responses, _of("phone"), before),
        _ratings(sample.responses, _of("phone"), window),
        metric=Metric.CES,
    )
    assert harder.high < -0.5


def test_only_customers_in_the_cell_write_about_the_billing_system(
    sample: SampleOrganisation,
) -> None:
    words = ("nieuw systeem", "nieuwe systeem", "van systeem", "billing system", "new system")
    about = [
        item for item in sample.responses if any(word in item.verbatim.lower() for word in words)
    ]
    assert len(about) >= 5
    for item in about:
        assert _in_cell(item)
        day = item.answered_at.astimezone(_ZONE).date()
        assert sample.dip.starts_on <= day < sample.dip.over_on + timedelta(days=10)


def test_complaints_in_the_dip_are_about_the_bill(sample: SampleOrganisation) -> None:
    window = _between(sample.dip.starts_on + timedelta(days=10), sample.dip.fixed_on)
    angry = [
        item
        for item in sample.responses
        if item.survey == "relationship" and window(item) and _in_cell(item) and item.mentions
    ]
    on_the_bill = sum(
        any(m.theme in {"invoice", "trust", "waiting", "payment"} for m in item.mentions)
        for item in angry
    )
    assert len(angry) >= 20
    assert on_the_bill / len(angry) > 0.45


def test_teams_differ_as_planted(sample: SampleOrganisation) -> None:
    def calls(team: str) -> list[int]:
        return _ratings(sample.responses, _of("phone"), lambda item: item.team == team)

    assert mean(calls("service_noord")) - mean(calls("service_zuid")) > 0.5
    gap = difference(calls("service_zuid"), calls("service_noord"), metric=Metric.CES)
    assert gap.low > 0.3


def test_welcome_got_better_after_the_mails_were_rewritten(sample: SampleOrganisation) -> None:
    changed_on = plan.welcome_rewritten_on(sample.ends_on)
    change = difference(
        _ratings(sample.responses, _of("welcome"), _between(sample.starts_on, changed_on)),
        _ratings(sample.responses, _of("welcome"), _between(changed_on, sample.ends_on)),
        metric=Metric.CSAT,
    )
    assert change.low > 0


def test_device_has_no_effect_on_ratings(sample: SampleOrganisation) -> None:
    gap = difference(
        _ratings(sample.responses, _of("relationship"), lambda item: item.device == "mobile"),
        _ratings(sample.responses, _of("relationship"), lambda item: item.device == "desktop"),
    )
    assert gap.low < 0 < gap.high


def test_some_promoters_criticise_and_some_detractors_praise(sample: SampleOrganisation) -> None:
    happy = [item for item in sample.responses if band(item.survey, item.rating) == "pos"]
    cross = [item for item in sample.responses if band(item.survey, item.rating) == "neg"]

    def share(items: list[Response], polarity: str) -> float:
        written = [item for item in items if item.mentions]
        return mean(any(m.polarity == polarity for m in item.mentions) for item in written)

    assert 0.06 <= share(happy, "neg") <= 0.25
    assert 0.03 <= share(cross, "pos") <= 0.18
