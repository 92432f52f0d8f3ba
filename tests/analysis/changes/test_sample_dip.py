"""The dip of the sample organisation is found, with its true cause and nothing else beside it."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict

from gloed.analysis.changes.asked import read_change
from gloed.analysis.changes.report import Verdict, change_report
from gloed.analysis.changes.words import headline, paragraph

TODAY = date(2026, 11, 21)


@pytest.fixture
def report_of(sample_source, subject_of):
    def make(key, **query):
        address = QueryDict(mutable=True)
        address.update(query)
        asked = read_change(address, today=TODAY)
        return change_report(sample_source, subject_of(key), asked, names={}, minimum=5)

    return make


def in_the_dip(sample, **query):
    """From ten days into the dip until the fix, against the year before the dip."""
    starts, fixed = sample.dip.starts_on, sample.dip.fixed_on
    return query | {
        "from": (starts + timedelta(days=10)).isoformat(),
        "to": (fixed - timedelta(days=1)).isoformat(),
        "pfrom": sample.starts_on.isoformat(),
        "pto": (starts - timedelta(days=1)).isoformat(),
    }


@pytest.mark.parametrize("key", ["bill", "relationship"])
def test_the_dip_sits_with_variable_contracts_in_the_east_and_the_south(sample, report_of, key):
    report = report_of(key, **in_the_dip(sample))
    assert report.verdict is Verdict.PLACE
    assert report.change.value < 0
    assert report.focus is not None
    assert {column.removeprefix("attr:") for column in report.focus.columns} == {
        "contract",
        "region",
    }
    regions = sample.dip.regions
    assert set(map(frozenset, report.focus.keys)) == {
        frozenset({sample.dip.contract, region}) for region in regions
    }
    assert report.focus.change.high < 0
    assert report.focus.rest is not None
    assert not report.focus.rest.excludes(0)
    told = " ".join(paragraph(report))
    assert all(word in told for word in (sample.dip.contract, *regions))


def test_a_quiet_quarter_has_nothing_to_act_on(report_of):
    report = report_of("relationship", **{"from": "2025-09-01", "to": "2025-11-30",
                                          "pfrom": "2025-03-01", "pto": "2025-08-31"})  # fmt: skip
    assert report.verdict is Verdict.NOTHING
    assert headline(report) == "Nothing you should act on"
    assert "can be chance" in paragraph(report)[0]
