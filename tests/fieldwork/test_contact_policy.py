"""Whom we may ask, and why somebody is not asked."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.fieldwork.rules import (
    Ask,
    Contact,
    History,
    Kind,
    PastAsk,
    Policy,
    Skip,
    reason_to_skip,
    rest_between,
)
from gloed.fieldwork.rules.policy import ONWARD, Disposition, before

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
POLICY = Policy()
REACHABLE = frozenset({Contact.EMAIL})


def ask(kind=Kind.RELATIONSHIP, contact=Contact.EMAIL, at=NOW, survey=1):
    return Ask(survey, kind, contact, at)


def asked(days_ago, kind=Kind.RELATIONSHIP, survey=2):
    return PastAsk(NOW - timedelta(days=days_ago), kind, survey)


@pytest.mark.parametrize(
    ("history", "reason"),
    [
        ({}, None),
        ({"contacts": frozenset()}, Skip.NO_ADDRESS),
        ({"contacts": frozenset({Contact.PHONE})}, Skip.NO_ADDRESS),
        ({"is_opted_out": True, "is_suppressed": True}, Skip.OPTED_OUT),
        ({"kinds_opted_out": frozenset({"relationship"})}, Skip.OPTED_OUT),
        ({"kinds_opted_out": frozenset({"transactional"})}, None),
        ({"is_suppressed": True}, Skip.SUPPRESSED),
        ({"is_bounced": True}, Skip.BOUNCED),
        ({"pause_until": NOW + timedelta(days=1)}, Skip.PAUSED),
        ({"pause_until": NOW}, None),
        ({"quarantine_until": NOW + timedelta(days=1)}, Skip.QUARANTINE),
        ({"quarantine_until": NOW}, None),
        ({"offered_at": NOW - timedelta(days=29)}, Skip.OFFER),
        ({"offered_at": NOW - timedelta(days=30)}, None),
        ({"offered_at": NOW + timedelta(days=1)}, None),
        ({"offered_at": NOW, "asks": (asked(1),)}, Skip.OFFER),
        ({"has_open_invitation": True, "asks": (asked(1),)}, Skip.OPEN_INVITATION),
        ({"asks": (asked(89),)}, Skip.RESTING),
        ({"asks": (asked(90),)}, None),
        ({"asks": (asked(31, Kind.TRANSACTIONAL),)}, None),
        ({"asks": (asked(29, Kind.TRANSACTIONAL),)}, Skip.RESTING),
        ({"asks": (asked(100),), "rhythm_days": 180}, Skip.OWN_RHYTHM),
        ({"asks": (asked(180),), "rhythm_days": 180}, None),
        ({"asks": tuple(asked(days, survey=1) for days in (95, 190, 285, 360))}, Skip.CAP_REACHED),
        ({"asks": tuple(asked(days, survey=1) for days in (95, 190, 285, 366))}, None),
        ({"asks": tuple(asked(days, survey=2) for days in (95, 190, 285, 360))}, None),
    ],
)
def test_the_first_reason_that_holds_is_told(history, reason):
    assert reason_to_skip(POLICY, History(**{"contacts": REACHABLE, **history}), ask()) is reason


def test_a_link_needs_no_address_and_minds_no_bounce():
    link = ask(contact=Contact.NOTHING)
    assert reason_to_skip(POLICY, History(is_bounced=True), link) is None


def test_no_cap_is_no_limit():
    history = History(contacts=REACHABLE, asks=tuple(asked(90 + n, survey=1) for n in range(20)))
    assert reason_to_skip(POLICY, history, ask()) is Skip.CAP_REACHED
    assert reason_to_skip(Policy(survey_cap=0), history, ask()) is None


def test_an_event_only_moves_a_disposition_onward():
    assert before(Disposition.CREATED) == ()
    assert before(Disposition.COMPLETE) == ONWARD[:-1]


wishes_to_ask = st.lists(
    st.tuples(
        st.integers(0, 400),  # the day it comes to mind, in any order
        st.sampled_from(Kind),
        st.integers(1, 3),
    ),
    max_size=40,
)


@given(wishes_to_ask, st.integers(0, 120), st.integers(0, 120), st.integers(0, 200))
def test_nobody_is_asked_twice_within_the_rest_for_any_order_of_asks(wishes, long, short, rhythm):
    policy = Policy(relationship_rest_days=long, transactional_rest_days=short, survey_cap=3)
    asks = ()
    for day, kind, survey in wishes:
        history = History(contacts=REACHABLE, rhythm_days=rhythm, asks=asks)
        wish = ask(kind, at=NOW + timedelta(days=day), survey=survey)
        if reason_to_skip(policy, history, wish) is None:
            asks = (*asks, PastAsk(wish.at, kind, survey))
    for number, one in enumerate(asks):
        for other in asks[number + 1 :]:
            apart = abs(one.at - other.at)
            assert apart >= rest_between(policy, one.kind, other.kind)
            assert apart >= timedelta(days=rhythm)
