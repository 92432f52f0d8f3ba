"""How questions are divided over pages, and which of them somebody is shown."""

from collections.abc import Mapping
from dataclasses import replace

from gloed.surveys.rules.content import (
    OPEN_KEY,
    OPEN_POSITION,
    RATING_KEY,
    RATING_POSITION,
    YES,
    AskedQuestion,
    Kind,
    PublishedVersion,
    Purpose,
)
from gloed.surveys.rules.metrics import Band, band_of
from gloed.surveys.rules.showing import About, ShowIf, Situation, is_shown

PER_PAGE = 3
Page = tuple[int, ...]
"""The positions of a page's questions, in order."""


def pages_of(version: PublishedVersion) -> tuple[Page, ...]:
    """The pages of a version; the first begins with the rating and the open question.

    A page takes three questions that one person may see: questions for different bands of the
    score share a place.
    """
    pages: list[list[int]] = [[RATING_POSITION, OPEN_POSITION]]
    taken = dict.fromkeys(Band, len(pages[0]))
    for question in version.further:
        further = question.further
        bands = bands_shown(further.show_if if further else None)
        is_full = any(taken[band] >= PER_PAGE for band in bands)
        if is_full or (further is not None and further.starts_page):
            pages.append([])
            taken = dict.fromkeys(Band, 0)
        pages[-1].append(question.position)
        for band in bands:
            taken[band] += 1
    return tuple(tuple(page) for page in pages)


def bands_shown(rule: ShowIf | None) -> frozenset[Band]:
    """The bands in which a question with this rule can be shown at all."""
    if rule is None or rule.any_of:
        return frozenset(Band)
    bands = set(Band)
    for condition in rule.conditions:
        if condition.about is About.BAND:
            named = {band for band in Band if band.value in condition.values}
            bands &= (set(Band) - named) if condition.is_not else named
    return frozenset(bands)


def rating_situation(version: PublishedVersion, rating: int | None) -> Situation:
    """What rules can be judged by once the score is given, or before."""
    scale = version.rating.scale
    if rating is None or scale is None or rating not in scale:
        return Situation()
    band = band_of(version.metric, scale, rating)
    return Situation(band=band.value, answers={RATING_KEY: frozenset({str(rating)})})


def shown_further(
    version: PublishedVersion, situation: Situation
) -> tuple[tuple[AskedQuestion, ...], Situation]:
    """The further questions that are shown, and the situation without the answers of hidden ones.

    Judged in order, because the answer of a hidden question does not count for the next. Contact
    details are asked only after the consent to use them was given.
    """
    counted = {
        key: values for key, values in situation.answers.items() if key in (RATING_KEY, OPEN_KEY)
    }
    shown = []
    for question in version.further:
        present = replace(situation, answers=counted)
        if question.further is None or not _may_be_asked(question, version, present):
            continue
        shown.append(question)
        if question.key in situation.answers:
            counted[question.key] = situation.answers[question.key]
    return tuple(shown), replace(situation, answers=counted)


def _may_be_asked(question: AskedQuestion, version: PublishedVersion, situation: Situation) -> bool:
    if question.further is None or not is_shown(question.further.show_if, situation):
        return False
    if question.kind != Kind.CONTACT:
        return True
    return any(YES in situation.answers.get(key, ()) for key in contact_consents(version))


def contact_consents(version: PublishedVersion) -> tuple[str, ...]:
    """The keys of the questions that ask whether somebody may be contacted."""
    return tuple(
        question.key
        for question in version.further
        if question.further is not None and question.further.purpose is Purpose.CONTACT
    )


def known_attributes(version: PublishedVersion, attributes: Mapping[str, str]) -> dict[str, str]:
    """Of what is known of a person, what the rules of a version look at."""
    named = {
        condition.name
        for question in version.further
        if question.further is not None and question.further.show_if is not None
        for condition in question.further.show_if.conditions
        if condition.about is About.ATTRIBUTE
    }
    return {name: attributes[name] for name in sorted(named) if attributes.get(name)}
