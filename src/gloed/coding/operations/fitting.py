"""Models per theme, learned from the random sample that people coded; the worker's work.

A model is used for a theme only where its F1 on answers it had not seen is .02 above that of the
codebook. It is learned anew once a tenth more answers were reviewed, or the codebook was published.
"""

import hashlib
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from gloed.base.models import Organisation
from gloed.coding.models import (
    Codebook,
    CodebookVersion,
    CodedVerbatim,
    HumanCode,
    ModelBlob,
    Review,
    Theme,
)

if TYPE_CHECKING:
    from gloed.text.models import ThemeModels

FEWEST = 50
"""Reviewed answers of a language, below which it runs on the codebook alone."""
MORE = 1.1
EDITION = "2"
"""How words are read: raised where they are read otherwise, and history is read anew."""


def fit_organisation(organisation: Organisation, *, now: datetime) -> bool:
    """Learn what can be learned; whether the models are others than before."""
    codebook = Codebook.objects.select_related("published").filter(organisation=organisation)
    book = codebook.first()
    if book is None or book.published is None:
        return False
    before = reader_of(organisation)
    known = {blob.language: blob for blob in ModelBlob.objects.filter(organisation=organisation)}
    reviewed = _reviewed(organisation)
    for language, answers in sorted(reviewed.items()):
        blob = known.pop(language, None)
        is_fresh = blob is not None and blob.version_id == book.published_id
        if len(answers) < FEWEST or (is_fresh and blob and len(answers) < MORE * blob.codes):
            continue
        _fit(organisation, book.published, language, answers, now=now)
    ModelBlob.objects.filter(pk__in=[blob.pk for blob in known.values()]).delete()
    return reader_of(organisation) != before


def models_of(organisation: Organisation, version: CodebookVersion) -> "dict[str, ThemeModels]":
    """The models of each language that were learned for this version."""
    # arrays: the worker alone
    from gloed.text.models import unpacked  # noqa: PLC0415

    blobs = ModelBlob.objects.filter(organisation=organisation, version=version)
    return {
        blob.language: unpacked(
            blob.language, blob.gates["gates"], blob.gates["unseen"], bytes(blob.arrays)
        )
        for blob in blobs
        if any(is_open for *_more, is_open in blob.gates["gates"])
    }


def reader_of(organisation: Organisation) -> str:
    """By what answers are read besides the codebook; the same models, the same letters."""
    blobs = ModelBlob.objects.filter(
        organisation=organisation,
        version__in=Codebook.objects.filter(organisation=organisation).values("published"),
    )
    opened = [
        f"{language}:{digest}"
        for language, digest, gates in blobs.order_by("language").values_list(
            "language", "digest", "gates"
        )
        if any(is_open for *_more, is_open in gates["gates"])
    ]
    return hashlib.sha256(" ".join([EDITION, *opened]).encode()).hexdigest()[:12]


def is_read_otherwise(organisation: Organisation) -> bool:
    """Whether answers stand as an earlier edition or other models read them."""
    coded = CodedVerbatim.objects.filter(organisation=organisation)
    return coded.exclude(reader=reader_of(organisation)).exists()


def learned_keys(organisation: Organisation) -> frozenset[str]:
    """Themes of which a model decides in at least one language."""
    blobs = ModelBlob.objects.filter(
        organisation=organisation,
        version__in=Codebook.objects.filter(organisation=organisation).values("published"),
    )
    return frozenset(
        key
        for gates in blobs.values_list("gates", flat=True)
        for key, *_more, is_open in gates["gates"]
        if is_open
    )


def _fit(
    organisation: Organisation,
    version: CodebookVersion,
    language: str,
    answers: dict[int, tuple[str, frozenset[str]]],
    *,
    now: datetime,
) -> None:
    # scikit-learn and dictionaries: the worker alone
    from gloed.coding.machine import matcher_of  # noqa: PLC0415
    from gloed.text.coding import Answer, code_one  # noqa: PLC0415
    from gloed.text.models import CodedText, TooFewCodes, fit_models, packed  # noqa: PLC0415

    matcher = matcher_of(version)
    coded = [
        CodedText(
            text,
            frozenset(m.theme for m in code_one(Answer(key, text), language, matcher)),
            given,
        )
        for key, (text, given) in sorted(answers.items())
    ]
    try:
        models = fit_models(coded, language)
    except TooFewCodes:  # the same words again and again
        return
    ModelBlob.objects.update_or_create(
        organisation=organisation,
        language=language,
        defaults={
            "version": version,
            "digest": models.version,
            "gates": {
                "gates": [list(gate) for gate in models.gates],
                "unseen": {key: sorted(themes) for key, themes in models.unseen.items()},
            },
            "arrays": packed(models),
            "codes": len(answers),
            "made_at": now,
        },
    )


def _reviewed(
    organisation: Organisation,
) -> dict[str, dict[int, tuple[str, frozenset[str]]]]:
    """The random sample by language: text and the themes that a person saw, by answer."""
    keys = list(
        Review.objects.filter(organisation=organisation).values_list("answer_id", flat=True)
    )
    themes = {theme.pk: theme for theme in Theme.objects.filter(organisation=organisation)}
    given: dict[int, set[str]] = defaultdict(set)
    codes = HumanCode.objects.filter(organisation=organisation, is_random=True, is_present=True)
    for answer, key in codes.values_list("answer_id", "theme_id"):
        theme, seen = themes.get(key), {key}
        while theme is not None and theme.merged_into_id and theme.merged_into_id not in seen:
            seen.add(theme.merged_into_id)
            theme = themes.get(theme.merged_into_id)
        if theme is not None and theme.is_live:
            given[answer].add(theme.key)
    found: dict[str, dict[int, tuple[str, frozenset[str]]]] = defaultdict(dict)
    coded = CodedVerbatim.objects.filter(organisation=organisation, answer__in=keys)
    for answer, language, text in coded.values_list("answer_id", "language", "answer__verbatim"):
        if text:
            found[language][answer] = text, frozenset(given[answer])
    return found
