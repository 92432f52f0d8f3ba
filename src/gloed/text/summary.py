"""What a set of coded answers says, as one plain object: themes, mentions and suggestions."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from gloed.text.codebook import Codebook
from gloed.text.coding import Answer, Coding, Mention, quoted
from gloed.text.discovery import Suggestion, discover
from gloed.text.impact import Checked, Impact, Named, impacts, score_class_of
from gloed.text.polarity import Polarity, label_of
from gloed.text.quotes import Candidate, Quote, choose, is_clear, typical_of

QUOTES = 3
MOST_SUGGESTIONS = 20
_MOST_CANDIDATES = 200

Object = dict[str, Any]


def summarise(
    coding: Coding, codebook: Codebook, *, checked: Mapping[str, Checked] | None = None
) -> Object:
    """One object fit for JSON; the same for the same answers in any order.

    Shares are of the answers in words. Impact is None where too few answers name a theme, or none
    has a score.
    """
    languages = Counter(coding.languages)
    by_theme: dict[str, list[Mention]] = defaultdict(list)
    for mention in coding.mentions:
        by_theme[mention.theme].append(mention)
    points = impacts(named_answers(coding), checked=checked)
    shown = languages.most_common(1)[0][0] if languages else "en"
    total = len(coding.answers)
    by_row = {answer.row: answer for answer in coding.answers}
    rows = [answer.row for answer in coding.answers]
    spoken = dict(zip(rows, coding.languages, strict=True))
    named = Counter(row for row, _theme in {(m.row, m.theme) for m in coding.mentions})
    themes = [
        {
            "id": theme.id,
            "name": theme.name(shown),
            **_theme_figures(by_theme[theme.id], total),
            "impact": _as_object(points.get(theme.id)),
            "quotes": [
                _quote(quote) for quote in quotes_of(by_theme[theme.id], by_row, named, spoken)
            ],
        }
        for theme in codebook.themes
        if by_theme[theme.id]
    ]
    return {
        "answers": total,
        "languages": dict(sorted(languages.items(), key=lambda item: (-item[1], item[0]))),
        "codebook": {"id": codebook.id, "version": codebook.version},
        "themes": sorted(themes, key=lambda theme: (-theme["count"], theme["id"])),
        "mentions": [_mention(m) for m in sorted(coding.mentions, key=_place)],
        "suggestions": [_suggestion(s) for s in suggestions_of(coding)],
    }


def named_answers(coding: Coding) -> list[Named]:
    """Each scored answer with its themes and how they sound by the text alone."""
    sounds = polarity_by_answer(coding.mentions)
    return [
        Named(score_class, sounds.get(answer.row, {}))
        for answer in coding.answers
        if (score_class := score_class_of(answer.score, answer.scale)) is not None
    ]


def polarity_by_answer(
    mentions: Sequence[Mention], *, with_scores: bool = False
) -> dict[int, dict[str, Polarity]]:
    """How each answer sounds on each theme: the mean over its mentions."""
    values: dict[int, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for mention in mentions:
        value = mention.scored_value if with_scores else mention.text_value
        values[mention.row][mention.theme].append(value)
    return {
        row: {theme: label_of(sum(said) / len(said)) for theme, said in themes.items()}
        for row, themes in values.items()
    }


def suggestions_of(coding: Coding) -> list[Suggestion]:
    """Subjects that no theme covers, over all languages, the most named first."""
    classes = [
        score_class
        for answer in coding.answers
        if (score_class := score_class_of(answer.score, answer.scale)) is not None
    ]
    net = 100 * sum(classes) / len(classes) if classes else None
    found = [
        suggestion
        for language, pieces in sorted(coding.uncoded.items())
        for suggestion in discover(pieces, language, answers=len(coding.answers), net=net)
    ]
    return sorted(found, key=lambda s: (-s.count, s.language, s.name))[:MOST_SUGGESTIONS]


def quotes_of(
    mentions: Sequence[Mention],
    by_row: Mapping[int, Answer],
    named: Mapping[int, int],
    spoken: Mapping[int, str],
) -> list[Quote]:
    """Three quotes of a theme: two as most sound, and one of another sound where one is clear.

    `named` says how many themes an answer names.
    """
    sounds: dict[Polarity, list[Mention]] = defaultdict(list)
    for mention in mentions:
        sounds[label_of(mention.text_value)].append(mention)
    ranked = sorted(sounds, key=lambda polarity: (-len(sounds[polarity]), polarity))
    others = [
        quote
        for polarity in ranked[1:2]
        for quote in choose(
            [c for c in _candidates(sounds[polarity], by_row, named, spoken) if is_clear(c)],
            polarity,
            1,
        )
    ]
    most = [
        quote
        for polarity in ranked[:1]
        for quote in choose(
            _candidates(sounds[polarity], by_row, named, spoken), polarity, QUOTES - len(others)
        )
    ]
    return most + others


def _candidates(
    mentions: Sequence[Mention],
    by_row: Mapping[int, Answer],
    named: Mapping[int, int],
    spoken: Mapping[int, str],
) -> list[Candidate]:
    """The likeliest mentions of one sound, with the sentences that would be quoted."""
    likely = sorted(mentions, key=lambda m: _likeliest(m, by_row, named))[:_MOST_CANDIDATES]
    cut = [(m, *quoted(by_row[m.row], m, spoken.get(m.row, "en"))) for m in likely]
    kept = [each for each in cut if label_of(each[2]) is label_of(each[0].text_value)]
    languages = [spoken.get(mention.row, "en") for mention, *_rest in kept]
    typical = typical_of([text for _mention, text, _value in kept], languages)
    return [
        Candidate(
            row=mention.row,
            text=text,
            value=value,
            probability=mention.probability,
            themes=named[mention.row],
            typical=share,
            backed=label_of(mention.scored_value) is label_of(value),
        )
        for (mention, text, value), share in zip(kept, typical, strict=True)
    ]


def _likeliest(
    mention: Mention, by_row: Mapping[int, Answer], named: Mapping[int, int]
) -> tuple[float, str, int]:
    """Before sentences are cut out: clear, alone and of a fit length go first."""
    length = mention.end - mention.start
    backed = label_of(mention.scored_value) is label_of(mention.text_value)
    worth = mention.probability * abs(mention.text_value) * (2 if backed else 1)
    text = by_row[mention.row].text[mention.start : mention.end]
    return (-worth * min(length, 80) / named[mention.row], text, mention.row)


def _theme_figures(mentions: Sequence[Mention], total: int) -> Object:
    rows = {mention.row for mention in mentions}
    return {
        "count": len(rows),
        "share": len(rows) / total if total else 0.0,
        "polarity_text": _counts(mentions, with_scores=False),
        "polarity_scored": _counts(mentions, with_scores=True),
    }


def _counts(mentions: Sequence[Mention], *, with_scores: bool) -> dict[str, int]:
    found = polarity_by_answer(mentions, with_scores=with_scores)
    counts = Counter(polarity for themes in found.values() for polarity in themes.values())
    return {polarity.value: counts[polarity] for polarity in Polarity}


def _as_object(impact: Impact | None) -> Object | None:
    return None if impact is None else impact._asdict()


def _quote(quote: Quote) -> Object:
    return {"row": quote.row, "text": quote.text, "polarity": quote.polarity.value}


def _place(mention: Mention) -> tuple[int, int, str]:
    return mention.row, mention.start, mention.theme


def _mention(mention: Mention) -> Object:
    return {
        "row": mention.row,
        "theme": mention.theme,
        "start": mention.start,
        "end": mention.end,
        "polarity_text": label_of(mention.text_value).value,
        "polarity_scored": label_of(mention.scored_value).value,
        "probability": mention.probability,
        "source": mention.source,
    }


def _suggestion(suggestion: Suggestion) -> Object:
    said = asdict(suggestion)
    del said["rows"]  # known by asking for them; they would double the object
    said["quotes"] = [_quote(quote) for quote in suggestion.quotes]
    return said
