"""The random sample that people code: which answer comes next, and what was decided about it."""

import secrets
from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

from gloed.base.models import Organisation, Staff
from gloed.coding.models import CodedVerbatim, Review, Theme
from gloed.coding.operations.by_hand import set_theme


def next_answer(organisation: Organisation) -> CodedVerbatim | None:
    """A random answer that nobody has reviewed, from the group that lags most behind its share.

    Groups are score class and language, so every group keeps its share of the sample and each of
    its answers is as likely as the other. None where all are reviewed.
    """
    everything = CodedVerbatim.objects.filter(organisation=organisation)
    sizes = _groups(everything)
    if not sizes:
        return None
    reviewed = Exists(Review.objects.filter(answer=OuterRef("answer")))
    done = _groups(everything.filter(reviewed))
    total, sampled = sizes.total(), done.total()
    waiting = {group: size - done[group] for group, size in sizes.items() if size > done[group]}
    if not waiting:
        return None
    group = max(waiting, key=lambda g: (sizes[g] / total * (sampled + 1) - done[g], str(g)))
    score_class, language = group
    left = everything.filter(~reviewed, score_class=score_class, language=language)
    return left.order_by("answer_id")[secrets.randbelow(waiting[group])]


@transaction.atomic
def record_review(
    coded: CodedVerbatim, keys: set[str], *, staff: Staff | None, now: datetime
) -> None:
    """Keep which themes a person saw in an answer of the sample; those not named are not there."""
    organisation = coded.organisation
    Review.objects.update_or_create(
        answer=coded.answer,
        defaults={
            "organisation": organisation,
            "machine": coded.machine,
            "reviewer": staff,
            "reviewed_at": now,
        },
    )
    live = Theme.objects.filter(organisation=organisation, is_live=True)
    present = set(live.filter(key__in=keys).values_list("key", flat=True))
    found = set(coded.machine.split())
    absent = set(live.filter(key__in=found - present).values_list("key", flat=True))
    for key in sorted(present | absent):
        set_theme(
            coded.answer,
            key,
            is_present=key in present,
            is_random=True,
            staff=staff,
            now=now,
        )


def _groups(rows: QuerySet[CodedVerbatim]) -> Counter[tuple[int | None, str]]:
    counted = rows.values_list("score_class", "language").annotate(Count("pk")).order_by()
    return Counter({(score_class, language): n for score_class, language, n in counted})
