"""The goals an improvement can serve: they are set in a room above, which tells them here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from gloed.base.links import page_url
from gloed.base.models import Membership, Organisation


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal of the organisation that stands, by its public id."""

    key: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Source:
    """Who sets goals: all that stand, those a colleague may see, and the page of one."""

    standing: Callable[[Organisation], Sequence[Aim]]
    visible: Callable[[Membership], Sequence[Aim]]
    page: str


_sources: list[Source] = []


def told_by(source: Source) -> None:
    """Let a room above say which goals there are; called from its AppConfig.ready."""
    if source not in _sources:
        _sources.append(source)


def standing(organisation: Organisation) -> dict[UUID, str]:
    """The goals that stand, by key, with their names of today."""
    return {aim.key: aim.name for one in _sources for aim in one.standing(organisation)}


def visible(membership: Membership) -> dict[UUID, str]:
    """Those a colleague may choose from."""
    return {aim.key: aim.name for one in _sources for aim in one.visible(membership)}


def url_of(key: UUID) -> str:
    """The page of a goal; "" where there is none."""
    return next(filter(None, (page_url(one.page, key) for one in _sources)), "")
