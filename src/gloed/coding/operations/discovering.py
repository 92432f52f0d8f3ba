"""Subjects that no theme covers, and words that groups use more; found by the worker.

Nothing found here counts anywhere before a person accepts it and publishes the codebook.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from gloed.base.models import Organisation
from gloed.coding.models import (
    Codebook,
    CodebookVersion,
    CodedVerbatim,
    Suggestion,
    ThemeFigures,
)

if TYPE_CHECKING:
    from gloed.text.discovery import Suggestion as Found

LOOKED_AT = 50_000
"""The newest answers in words among which subjects are sought."""
FEWEST_FOR_TERMS = 300
"""Answers with a score, below which words of groups say nothing."""
MOST_TERMS = 20
CLEAR = 1.96
TERMS = "terms"
MONTH = timedelta(days=30)
FEWEST_TERMS = 2
"""One word alone is a habit of speech, no subject."""
_SAME = 0.5
_SCORES = {-1: 3, 0: 7, 1: 10}  # any score of the class: only the class is told

Report = Any
Row = tuple[int, str, str, int | None, Any]


def discover_subjects(
    organisation: Organisation, *, now: datetime, report: Report = lambda _done, _total: None
) -> int:
    """Look for subjects and keep them as suggestions; how many are open now.

    What a person has decided about stays decided, also where it is found under slightly other
    terms. Open ones that are no longer found go.
    """
    # factorising needs arrays and sparse matrices: the worker alone
    from gloed.coding.machine import matcher_of  # noqa: PLC0415
    from gloed.text.coding import Answer, code  # noqa: PLC0415
    from gloed.text.summary import suggestions_of  # noqa: PLC0415

    version = _published(organisation)
    if version is None:
        return 0
    rows = _newest(organisation, LOOKED_AT)
    answers = [
        Answer(key, text, None if band is None else _SCORES[band], language=language)
        for key, text, language, band, _day in rows
    ]
    done = 0

    def advance(more: int) -> None:
        nonlocal done
        done += more
        report(done, len(rows))

    found = suggestions_of(code(answers, matcher_of(version), advance=advance))
    texts = {key: text for key, text, *_more in rows}
    with transaction.atomic():
        return _keep(organisation, found, texts, now=now)


def find_group_terms(organisation: Organisation, *, now: datetime) -> None:
    """Keep the words that detractors, promoters and passives use more, and those of this month.

    Log-odds with an informative prior; passives stand against promoters: what would make it a 9.
    """
    version = _published(organisation)
    if version is None:
        return
    rows = _newest(organisation, LOOKED_AT // 5)
    said = [(band, day, _terms(text, language)) for _key, text, language, band, day in rows]
    of = {band: [terms for b, _day, terms in said if b == band] for band in (-1, 0, 1)}
    figures: dict[str, Any] = {"n": sum(len(each) for each in of.values())}
    if figures["n"] >= FEWEST_FOR_TERMS:
        fewest = max(5, organisation.minimum_group)
        figures["detractors"] = _shift(of[-1], of[1], of[0], fewest)
        figures["promoters"] = _shift(of[1], of[-1], of[0], fewest)
        figures["passives"] = _shift(of[0], of[1], of[-1], fewest)
        since = now.date() - MONTH
        late = [terms for _band, day, terms in said if day is not None and day >= since]
        past = [terms for _band, day, terms in said if day is not None and day < since]
        figures["month"] = _shift(late, past, [], fewest)
    ThemeFigures.objects.update_or_create(
        organisation=organisation,
        scope=TERMS,
        defaults={"version": version, "figures": figures, "made_at": now},
    )


def _keep(
    organisation: Organisation, found: Sequence["Found"], texts: dict[int, str], *, now: datetime
) -> int:
    known = {
        (one.language, one.signature): one
        for one in Suggestion.objects.select_for_update().filter(organisation=organisation)
    }
    decided = [one for one in known.values() if one.state != Suggestion.State.NEW]
    kept: set[int] = set()
    for each in found:
        signature = signature_of(each.terms)
        own = known.get((each.language, signature))
        if len(each.terms) < FEWEST_TERMS or any(_is_same(each, one) for one in decided):
            continue
        one = own or Suggestion(
            organisation=organisation, language=each.language, signature=signature
        )
        one.name = one.name or each.name[:1].upper() + each.name[1:119]
        one.terms, one.words, one.phrases = list(each.terms), list(each.words), list(each.phrases)
        one.count, one.share, one.shift = each.count, each.share, each.shift
        one.quotes = [
            place
            for quote in each.quotes
            if (place := _place_of(texts[quote.row], quote.row, quote.text, quote.polarity.value))
        ]
        one.found_at = now
        one.save()
        kept.add(one.pk)
    opened = Suggestion.objects.filter(organisation=organisation, state=Suggestion.State.NEW)
    opened.exclude(pk__in=kept).delete()
    return len(kept)


def signature_of(terms: Iterable[str]) -> str:
    """By what a subject is known again: its three strongest terms, in order of the alphabet.

    >>> signature_of(["lift", "broken", "lift broken", "stairs"])
    'broken, lift, lift broken'
    """
    return ", ".join(sorted(list(terms)[:3]))[:120]


def _is_same(found: "Found", decided: Suggestion) -> bool:
    if found.language != decided.language:
        return False
    ones, others = set(found.terms), set(decided.terms)
    return len(ones & others) >= _SAME * min(len(ones), len(others))


def _place_of(text: str, answer: int, piece: str, polarity: str) -> list[Any] | None:
    """Where a masked piece stands in its masked answer."""
    from gloed.text.masking import mask  # noqa: PLC0415 - beside its only use, in the worker

    masked = mask(text).text
    start = masked.find(piece)
    return None if start < 0 else [answer, start, start + len(piece), polarity]


def _terms(text: str, language: str) -> frozenset[str]:
    # dictionaries: only where texts are read
    from gloed.text.masking import mask  # noqa: PLC0415
    from gloed.text.terms import terms_of  # noqa: PLC0415

    return terms_of(mask(text).text.replace("[", " . ").replace("]", " . "), language)


def _shift(
    first: Sequence[frozenset[str]],
    second: Sequence[frozenset[str]],
    background: Sequence[frozenset[str]],
    fewest: int,
) -> list[list[Any]]:
    from gloed.text.terms import term_shifts, without_parts  # noqa: PLC0415 - see _terms

    shifts = term_shifts(first, second, background=background, fewest=fewest)
    clear = [shift for shift in shifts if shift.z > CLEAR and shift.first >= fewest]
    return [[s.term, s.first, round(s.z, 2)] for s in without_parts(clear, MOST_TERMS)]


def _published(organisation: Organisation) -> CodebookVersion | None:
    codebook = Codebook.objects.select_related("published").filter(organisation=organisation)
    book = codebook.first()
    return book.published if book else None


def _newest(organisation: Organisation, most: int) -> list[Row]:
    """Key, text, language, class and day of the newest answers in words, the oldest first."""
    coded = CodedVerbatim.objects.filter(organisation=organisation, answer__verbatim__gt="")
    newest = coded.order_by("-answer_id").values_list(
        "answer_id", "answer__verbatim", "language", "score_class", "day"
    )
    return list(reversed(newest[:most]))
