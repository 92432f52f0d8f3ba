"""From where an improvement is noted: what the address already knows."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gloed.base.models import Membership, Team
from gloed.coding.models import Theme
from gloed.loop.cases.models import Case
from gloed.loop.cases.queries import visible_cases
from gloed.loop.improvements import aims, queries
from gloed.loop.improvements.rules import Board, Origin
from gloed.responses.models import Response
from gloed.surveys.models import Touchpoint

ATTRIBUTE = "attr:"
COLUMNS = ("channel", "language", "device", "source")
MOST_ANSWERS = 20


@dataclass(frozen=True, slots=True)
class Start:
    """What a new improvement begins with.

    `initial` is in the form, `values` is not and goes along, `about` says it in words.
    """

    initial: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    responses: tuple[Response, ...] = ()
    about: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()


def start_of(query: QueryDict, membership: Membership) -> Start:
    """What an address asks for; whatever cannot be understood is as if it were not there.

    theme=key and answer=id (both repeatedly), touchpoint=id, team=id, title, cause, goal (the id of
    one that is set, or own words), board,
    case=id (repeatedly), columns of the projection as a segment (`attr:Region=Noord`),
    from=workshop with note.
    """
    organisation = membership.organisation
    language = (get_language() or "en")[:2]
    themes = list(
        Theme.objects.filter(
            organisation=organisation, key__in=query.getlist("theme"), is_live=True
        )
    )
    cases = _cases(query, membership)
    responses = _responses(query, membership, cases)
    segment = _segment(query)
    note = query.get("note", "").strip()[:300]
    initial = {name: query[name] for name in ("title", "cause") if query.get(name)}
    initial |= _goal(query, membership)
    initial |= _found("touchpoint", Touchpoint, query, organisation.pk)
    initial |= _found("team", Team, query, organisation.pk)
    initial |= {} if initial.get("cause") else _cause_of(cases)
    if themes:
        initial["themes"] = [theme.key for theme in themes]
    if query.get("board") in set(Board):
        initial["board"] = query["board"]
    origin = _origin(query, bool(themes), bool(segment), bool(responses))
    about = [_("Theme: %(name)s") % {"name": theme.name_in(language)} for theme in themes]
    about += [f"{name.removeprefix(ATTRIBUTE)}: {value}" for name, value in segment.items()]
    about += [_("Case #%(number)d") % {"number": case.number} for case in cases]
    about += [note] if note else []
    return Start(
        initial,
        {"origin": origin, "origin_note": note, "segment": segment},
        tuple(responses),
        tuple(about),
        tuple(cases),
    )


def _origin(query: QueryDict, has_theme: bool, has_segment: bool, has_answer: bool) -> Origin:
    if query.get("case"):
        return Origin.CASE
    if query.get("from") == Origin.WORKSHOP:
        return Origin.WORKSHOP
    if has_theme:
        return Origin.THEME
    if has_answer:
        return Origin.ANSWER
    return Origin.SEGMENT if has_segment else Origin.BLANK


def _cases(query: QueryDict, membership: Membership) -> list[Case]:
    wanted = [identity for text in query.getlist("case") if (identity := _uuid(text))]
    if not wanted:
        return []
    found = visible_cases(membership).filter(public_id__in=wanted[:MOST_ANSWERS])
    return list(found.select_related("cause"))


def _cause_of(cases: list[Case]) -> dict[str, str]:
    """The root cause that was written down with the first case."""
    named = [
        " ".join(filter(None, [case.cause.name if case.cause else "", case.cause_words]))
        for case in cases
    ]
    return {"cause": named[0]} if named and named[0] else {}


def _responses(query: QueryDict, membership: Membership, cases: list[Case]) -> list[Response]:
    """The answers named, and those that belong to the cases."""
    wanted = [identity for text in query.getlist("answer") if (identity := _uuid(text))]
    of_cases = Response.objects.filter(case_link__case__in=cases).values_list(
        "public_id", flat=True
    )
    wanted += list(of_cases) if cases else []
    found = (queries.get_response(membership, one) for one in wanted[:MOST_ANSWERS])
    return [response for response in found if response is not None]


def _segment(query: QueryDict) -> dict[str, str]:
    found = {}
    for name in query:
        value = query.get(name, "").replace("\x00", "")[:200]
        if value and (name.startswith(ATTRIBUTE) or name in COLUMNS):
            found[name[:120]] = value
    return dict(sorted(found.items())[:10])


def _goal(query: QueryDict, membership: Membership) -> dict[str, Any]:
    text = query.get("goal", "")
    key = _uuid(text)
    if key is None:
        return {"goal": text} if text else {}
    return {"aim": str(key)} if key in aims.visible(membership) else {}


def _found(name: str, model: Any, query: QueryDict, organisation: int) -> dict[str, Any]:
    identity = _uuid(query.get(name, ""))
    rows = model.objects.filter(organisation=organisation, public_id=identity, removed_at=None)
    return {name: identity} if identity and rows.exists() else {}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
