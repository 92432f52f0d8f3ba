"""Waves that come again: begun, paused, changed, stopped, and made when their turn has come."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from gloed.base import audit
from gloed.base.models import Organisation, Staff
from gloed.fieldwork import candidates
from gloed.fieldwork.models import Wave, WavePlan, WaveSeries
from gloed.fieldwork.operations.waves import CannotStart, start_wave
from gloed.fieldwork.rules import CountedIn, Every, Rhythm, Turn, next_turn
from gloed.surveys.models import Survey

PLAN = tuple(field.attname for field in WavePlan._meta.fields)
State = WaveSeries.State


def rhythm_of(series: WaveSeries) -> Rhythm:
    """The rhythm of a series on the clock and with the holidays of its organisation."""
    return Rhythm(
        every=Every(series.every),
        counted_in=CountedIn(series.counted_in),
        number=series.number,
        at=series.opens,
        zone=series.organisation.time_zone,
        month=series.month,
        country=candidates.policy_of(series.organisation_id).country,
    )


def turn_after(series: WaveSeries, now: datetime) -> Turn:
    """When this series comes next, were it going."""
    return next_turn(rhythm_of(series), after=now, beyond=series.made_until)


def keep_series(
    organisation: Organisation,
    values: Mapping[str, Any],
    *,
    series: WaveSeries | None = None,
    staff: Staff | None = None,
    now: datetime,
) -> WaveSeries:
    """Make a series that has not begun yet, or change one from its next turn on."""
    kept = series or WaveSeries(organisation=organisation, made_by=staff, created_at=now)
    for name, value in values.items():
        setattr(kept, name, value)
    with transaction.atomic():
        if kept.state == State.ACTIVE:
            _plan_next(kept, now)
        kept.save()
        action = "series.changed" if series else "series.made"
        audit.record(staff, action, kept.name, organisation=organisation, at=now)
    return kept


def begin_series(series: WaveSeries, *, staff: Staff | None = None, now: datetime) -> bool:
    """Let waves come by themselves from the next turn on; also after a pause.

    Raises CannotStart("survey_not_open"). False when it goes already, or was stopped for good.
    """
    if series.survey.state != Survey.State.OPEN or series.survey.deleted_at is not None:
        raise CannotStart("survey_not_open")
    return _change(series, (State.DRAFT, State.PAUSED), State.ACTIVE, "series.begun", staff, now)


def pause_series(series: WaveSeries, *, staff: Staff | None = None, now: datetime) -> bool:
    """Make no further waves until somebody lets it go on; a wave on its way goes on."""
    return _change(series, (State.ACTIVE,), State.PAUSED, "series.paused", staff, now)


def stop_series(series: WaveSeries, *, staff: Staff | None = None, now: datetime) -> bool:
    """Make no further waves for good; a wave on its way goes on."""
    alive = (State.ACTIVE, State.PAUSED)
    return _change(series, alive, State.STOPPED, "series.stopped", staff, now)


def _change(
    series: WaveSeries,
    from_states: tuple[State, ...],
    to: State,
    action: str,
    staff: Staff | None,
    now: datetime,
) -> bool:
    with transaction.atomic():
        locked = _locked(series.pk)
        if locked is None or locked.state not in from_states:
            return False
        locked.state, locked.next_at, locked.next_month = to, None, None
        if to is State.ACTIVE:
            _plan_next(locked, now)
        locked.save()
        audit.record(staff, action, locked.name, organisation=locked.organisation, at=now)
    return True


def _locked(pk: int) -> WaveSeries | None:
    rows = WaveSeries.objects.select_related("survey", "organisation")
    return rows.select_for_update(of=("self",)).filter(pk=pk).first()


def _plan_next(series: WaveSeries, now: datetime) -> None:
    turn = turn_after(series, now)
    series.next_at, series.next_month = turn.at, turn.month


def plan_anew(organisation_id: int | None = None, *, now: datetime) -> int:
    """Reckon next turns again: the holidays or the clock of the house may have changed.

    Of one organisation, or of all; how many moved.
    """
    going = WaveSeries.objects.filter(state=State.ACTIVE, next_at__gt=now)
    if organisation_id is not None:
        going = going.filter(organisation_id=organisation_id)
    moved = 0
    for series in going.select_related("organisation"):
        turn = turn_after(series, now)
        if (turn.at, turn.month) != (series.next_at, series.next_month):
            own = WaveSeries.objects.filter(pk=series.pk, next_at=series.next_at)
            moved += own.update(next_at=turn.at, next_month=turn.month)
    return moved


def make_due_waves(*, now: datetime) -> int:
    """Make the wave of every series whose turn has come, once for each turn; how many were made.

    After a long standstill only the newest turn is made up for. A turn at which the survey is not
    open asks nobody; the series remembers it.
    """
    due = WaveSeries.objects.filter(state=State.ACTIVE, next_at__lte=now)
    return sum(_make_wave(pk, now=now) for pk in list(due.values_list("pk", flat=True)))


def _make_wave(pk: int, *, now: datetime) -> bool:
    with transaction.atomic():
        series = _locked(pk)
        if series is None or series.state != State.ACTIVE or series.next_at is None:
            return False
        if series.next_month is None or series.next_at > now:
            return False
        turn, rhythm = Turn(series.next_month, series.next_at), rhythm_of(series)
        coming = next_turn(rhythm, after=turn.at, beyond=turn.month)
        while coming.at <= now:
            turn, coming = coming, next_turn(rhythm, after=coming.at, beyond=coming.month)
        is_open = series.survey.state == Survey.State.OPEN and series.survey.deleted_at is None
        if is_open:
            wave = next_wave(series, now=now, turn=turn)
            wave.save(force_insert=True)
            start_wave(wave, now=now)
        series.missed_at = None if is_open else turn.at
        series.made_until = turn.month
        series.next_at, series.next_month = coming.at, coming.month
        series.save(update_fields=["missed_at", "made_until", "next_at", "next_month"])
    return is_open


def next_wave(series: WaveSeries, *, now: datetime, turn: Turn | None = None) -> Wave:
    """The wave of a turn, not yet stored; without a turn the one that it would be now."""
    plan = {name: getattr(series, name) for name in PLAN}
    return Wave(
        **{**plan, "name": _name(series, turn) if turn else series.name},
        organisation=series.organisation,
        survey=series.survey,
        series=series,
        month=turn.month if turn else None,
        starts_at=turn.at if turn else None,
        made_by=series.made_by,
        created_at=now,
    )


def _name(series: WaveSeries, turn: Turn) -> str:
    with translation.override(series.organisation.language):
        if series.every == WaveSeries.Every.QUARTER:
            quarter = (turn.month.month + 2) // 3
            when = _("quarter %(number)s of %(year)s") % {
                "number": quarter,
                "year": turn.month.year,
            }
        else:
            when = f"{MONTHS[turn.month.month]} {turn.month.year}"
    return f"{series.name[: 118 - len(when)]}, {when}"
