"""The mark of a page: goes round as it was, and anything else is refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gloed.integrations.marks import MOST, mark_of, read_mark


@given(some.integers(0, MOST), some.dictionaries(some.sampled_from("abc"), some.text()))
def test_a_mark_goes_round(after, told):
    mark = mark_of(after, **told)
    assert read_mark(mark) == (after, told)
    assert mark.replace("-", "").replace("_", "").isalnum()


def encoded(text):
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "mark",
    [
        "",
        "é",
        "x",
        "AAAA",
        encoded("[]"),
        encoded("{}"),
        encoded('{"after": -1}'),
        encoded('{"after": true}'),
        encoded('{"after": 9223372036854775808}'),
        encoded("[" * 100_000),
    ],
)
def test_what_is_no_mark_is_refused(mark):
    with pytest.raises(
        ValueError, match=r"mark|JSON|base64|decode|double|value|ascii|characters|codec"
    ):
        read_mark(mark)
