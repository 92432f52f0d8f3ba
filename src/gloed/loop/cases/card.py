"""What neighbouring apps put on the card of a case: fragments, and the openings of gestures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from gloed.base.links import page_url
from gloed.loop.cases.models import Case
from gloed.loop.cases.rules import Gesture
from gloed.loop.cases.sentences import opening_of

PLACES = ("reply", "after")
Openings = Callable[[Case, str], Mapping[Gesture, str]]
"""The sentences an organisation chose itself, for a case and a language."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of the card that another app draws: the view's name, where, and words for its link."""

    url_name: str
    place: str
    label: str | Promise


_offered: list[Fragment] = []
_openings: list[Openings] = []


def offer(url_name: str, *, place: str, label: str | Promise) -> None:
    """Have the card load a fragment; called from a neighbour's AppConfig.ready.

    The view takes the case's public id and answers a region to swap in; without scripts the card
    shows a link with `label` to it. `place` is "reply", above the notes, or "after", at the end.
    """
    if place not in PLACES:
        raise ValueError(f"unknown place: {place}")
    if all(one.url_name != url_name for one in _offered):
        _offered.append(Fragment(url_name, place, label))


def fragments_of(case: Case, place: str) -> list[tuple[str, str]]:
    """Address and label of what stands in a place, as far as its page is installed."""
    found = [
        (page_url(one.url_name, case.public_id), str(one.label))
        for one in _offered
        if one.place == place
    ]
    return [(url, label) for url, label in found if url]


def offer_openings(read: Openings) -> None:
    """Have gestures begin with a neighbour's sentences; called from its AppConfig.ready."""
    if read not in _openings:
        _openings.append(read)


def openings_of(case: Case, language: str) -> dict[Gesture, str]:
    """What each gesture begins with: as the organisation wrote it, else our own sentence."""
    found = {gesture: opening_of(gesture, language) for gesture in Gesture}
    for read in _openings:
        found |= {gesture: words for gesture, words in read(case, language).items() if words}
    return found
