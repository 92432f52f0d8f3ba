"""What a draft would change, and which words tell a theme apart; worked out by the worker."""

from collections.abc import Callable, Sequence

from gloed.base.models import Organisation
from gloed.coding.models import Codebook, CodebookVersion, CodedVerbatim, Mention, Theme
from gloed.coding.operations.codebook import draft_of
from gloed.coding.rules.editing import as_codebook

LOOKED_AT = 5_000
"""The newest answers in words that a preview looks at."""
FEWEST_FOR_TERMS = 20
MOST_TERMS = 12
CLEAR = 1.96

Report = Callable[[int, int], None]


def preview_draft(organisation: Organisation) -> CodebookVersion | None:
    """Work out how many of the newest answers gain and how many lose each theme; kept on the draft.

    Themes that went into another one count as it.
    """
    # dictionaries: only where texts are read
    from gloed.text.matcher import preview  # noqa: PLC0415

    codebook = Codebook.objects.filter(organisation=organisation).first()
    draft = draft_of(codebook) if codebook else None
    if codebook is None or draft is None or codebook.published is None:
        return None
    answers = _newest(organisation)
    changes = preview(
        as_codebook(codebook.published.content),
        as_codebook(draft.content),
        [(text, language) for _key, text, language in answers],
    )
    found = {
        "n": len(answers),
        "themes": {change.theme: [len(change.gained), len(change.lost)] for change in changes},
    }
    unchanged = CodebookVersion.objects.filter(pk=draft.pk, digest=draft.digest, published_at=None)
    unchanged.update(preview=found, preview_digest=draft.digest)
    return draft


def find_terms(organisation: Organisation, *, report: Report = lambda _done, _total: None) -> None:
    """Keep with every theme the words that its answers use more than the others do."""
    # dictionaries: only where texts are read
    from gloed.text.terms import term_shifts, terms_of, without_parts  # noqa: PLC0415

    answers = _newest(organisation)
    said = {key: terms_of(text, language) for key, text, language in answers}
    of_theme: dict[int, set[int]] = {}
    mentions = Mention.objects.filter(organisation=organisation).values_list("theme", "answer")
    for key, answer in mentions.iterator(chunk_size=5_000):
        if answer in said:
            of_theme.setdefault(key, set()).add(answer)
    themes = list(Theme.objects.filter(organisation=organisation, is_live=True))
    for place, theme in enumerate(themes, start=1):
        own = of_theme.get(theme.pk, set())
        terms: list[list[object]] = []
        if len(own) >= FEWEST_FOR_TERMS:
            shifts = term_shifts(
                (said[each] for each in sorted(own)),
                (said[each] for each in sorted(said.keys() - own)),
            )
            clear = [shift for shift in shifts if shift.z > CLEAR]
            terms = [[s.term, s.first] for s in without_parts(clear, MOST_TERMS)]
        if terms != theme.terms:
            Theme.objects.filter(pk=theme.pk).update(terms=terms)
        report(place, len(themes))


def _newest(organisation: Organisation) -> Sequence[tuple[int, str, str]]:
    """Key, text and language of the newest answers in words, the oldest of them first."""
    coded = CodedVerbatim.objects.filter(organisation=organisation, answer__verbatim__gt="")
    newest = coded.order_by("-answer_id").values_list("answer_id", "answer__verbatim", "language")
    return list(reversed(newest[:LOOKED_AT]))
