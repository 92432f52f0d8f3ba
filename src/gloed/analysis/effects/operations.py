"""Fixing how an improvement is judged, and judging it when its time is over."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from gloed.analysis import store
from gloed.analysis.effects.models import Judgement, Prediction
from gloed.analysis.effects.queries import plan_of
from gloed.analysis.effects.results import plain_finding
from gloed.analysis.effects.rules import Design, Finding, Verdict, Why, judge, smallest_cell
from gloed.analysis.effects.trials import trial_of
from gloed.base import audit, journal
from gloed.base.models import Staff
from gloed.fieldwork.rules.drawing import draw
from gloed.loop.improvements.models import Improvement

FIXED = (
    *("about", "about_label", "metric", "surveys", "filters", "design", "column", "treated"),
    *("control", "minimum", "starts_on", "weeks_before", "weeks_after", "settle_weeks", "volume"),
)


def is_locked(prediction: Prediction, *, today: date) -> bool:
    """Whether it may not be changed any more: the work began, or customers notice it already."""
    return prediction.improvement.started_at is not None or prediction.starts_on <= today


def keep_prediction(
    improvement: Improvement,
    values: Mapping[str, Any],
    *,
    by: Staff | None,
    now: datetime,
    today: date,
) -> Prediction:
    """Fix how it is judged. Before the start the last version is written over; afterwards a
    change is a new version, marked as late, and both stay in the register.

    `values` are of the names in FIXED. In a roll-out `treated` and `control` together are
    the groups that take part: who begins is drawn here, with a seed that is kept.
    """
    chosen = {name: values[name] for name in FIXED}
    if chosen["design"] == Design.ROLLOUT:
        chosen |= drawn(sorted({*chosen["treated"], *chosen["control"]}), secrets.token_hex(8))
    else:
        chosen |= {"order": [], "seed": ""}
    with transaction.atomic():
        held = Improvement.objects.select_for_update().get(pk=improvement.pk)
        last = held.predictions.order_by("-number").first()
        if last is not None and not is_locked(last, today=today):
            for name, value in chosen.items():
                setattr(last, name, value)
            last.fixed_at, last.fixed_by = now, by
            last.is_late = chosen["starts_on"] <= today
            last.save()
            kept = last
        else:
            kept = Prediction.objects.create(
                organisation_id=held.organisation_id,
                improvement=held,
                number=(last.number if last else 0) + 1,
                is_late=last is not None
                or held.started_at is not None
                or chosen["starts_on"] <= today,
                fixed_at=now,
                fixed_by=by,
                **chosen,
            )
        audit.record(
            by,
            "improvement.predicted",
            held.title,
            {"version": kept.number, "minimum": kept.minimum},
            organisation=held.organisation,
            at=now,
        )
    return kept


def drawn(values: Sequence[str], seed: str) -> dict[str, Any]:
    """The order in which groups begin, by lot: the first half gets it, the others wait.

    The same seed gives the same order to whoever draws again.
    """
    order = sorted(values, key=lambda value: draw(seed, value))
    half = (len(order) + 1) // 2
    return {"order": order, "seed": seed, "treated": order[:half], "control": order[half:]}


def judge_prediction(prediction: Prediction, *, now: datetime) -> Judgement:
    """Look once at what came of it, and keep it. Judged before: that verdict."""
    known = Judgement.objects.filter(prediction=prediction).first()
    if known is not None:
        return known
    organisation = prediction.organisation
    source = store.projection_of(organisation)
    measured = trial_of(source, plan_of(prediction), minimum=prediction.minimum)
    if measured is None:
        finding, kind, unit = Finding(Verdict.CANNOT_TELL, Why.TOO_FEW), "points", 1.0
    else:
        finding, kind, unit = judge(measured.trial), measured.measure.kind.value, measured.unit
        if smallest_cell(measured.trial) < organisation.minimum_group:
            finding = Finding(Verdict.CANNOT_TELL, Why.TOO_FEW)
    try:
        with transaction.atomic():
            made = Judgement.objects.create(
                prediction=prediction,
                verdict=finding.verdict,
                why=finding.why,
                kind=kind,
                unit=unit,
                result=plain_finding(finding),
                judged_at=now,
            )
            journal.append(
                "improvement.judged",
                organisation=organisation,
                subject=prediction.improvement.public_id,
                payload={"verdict": finding.verdict.value, "version": prediction.number},
                at=now,
            )
    except IntegrityError:  # somebody else looked at the same moment
        return Judgement.objects.get(prediction=prediction)
    return made


def due_predictions(*, today: date) -> list[Prediction]:
    """Those whose time is over and that nobody looked at yet, of improvements that were begun."""
    waiting = Prediction.objects.filter(
        judgement=None, improvement__removed_at=None, improvement__started_at__isnull=False
    ).select_related("organisation", "improvement")
    earliest = today - timedelta(days=1)
    return [one for one in waiting if plan_of(one).judged_on <= earliest]
