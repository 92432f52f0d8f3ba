"""Lists of answers: found in the projection by the filters of the figures, read from the record.

Words are searched in the record, which alone holds them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from gloed.analysis import queries
from gloed.analysis.queries import Filter, Selection
from gloed.analysis.store import Source
from gloed.base.models import Membership, Organisation, Team
from gloed.base.queries import visible_teams
from gloed.coding.search.finding import answers_with
from gloed.responses.models import Answer, Response
from gloed.surveys.models import Survey
from gloed.surveys.rules import RATING_POSITION, Metric, Scale

PAGE = 50
CANDIDATES = 400
EXCERPT_CHARACTERS = (30, 420)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the list, newest first: after the answer of this moment and key."""

    at: datetime | None
    key: int

    def __str__(self) -> str:
        return f"{self.at.isoformat() if self.at else ''}~{self.key}"


@dataclass(frozen=True, slots=True)
class Line:
    """One answer as a list shows it."""

    id: str
    key: int
    rating: int | None
    raw: str
    verbatim: str
    who: str
    person_id: str
    at: datetime | None
    survey_id: str
    survey: str
    team: str
    language: str
    metric: Metric
    scale: Scale | None
    attributes: dict[str, Any]

    @property
    def mark(self) -> Mark:
        """Its place in the list."""
        return Mark(self.at, self.key)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which answers: a selection, words in the verbatim, only with words, only of some teams.

    `teams` are public ids; None means every team and none.
    """

    selection: Selection
    search: str = ""
    with_text: bool = False
    teams: frozenset[str] | None = None


def teams_seen(membership: Membership) -> frozenset[str] | None:
    """The teams whose answers a colleague may read, by public id; None for all answers."""
    keys = visible_teams(membership)
    if keys is None:
        return None
    teams = Team.objects.filter(pk__in=keys).values_list("public_id", flat=True)
    return frozenset(str(public_id) for public_id in teams)


def list_answers(
    organisation: Organisation, source: Source, wanted: Wanted, *, after: Mark | None = None
) -> tuple[list[Line], bool]:
    """A page of answers, newest first and the undated last, and whether there are more."""
    found: list[Line] = []
    for keys in _candidates(source, wanted, after):
        lines = {line.key: line for line in _read(_matching(organisation, wanted, keys))}
        found += [lines[key] for key in keys if key in lines]
        if len(found) > PAGE:
            break
    return found[:PAGE], len(found) > PAGE


def every_answer(organisation: Organisation, source: Source, wanted: Wanted) -> Iterator[Line]:
    """All of them, in bounded memory, for an export."""
    return map(_line, every_response(organisation, source, wanted))


def every_response(
    organisation: Organisation, source: Source, wanted: Wanted, *also: str
) -> Iterator[Response]:
    """All of them as the record has them, in bounded memory; `also` are joined in."""
    for keys in _candidates(source, wanted, None, size=2_000):
        found = {r.pk: r for r in _whole(_matching(organisation, wanted, keys), *also)}
        yield from (found[key] for key in keys if key in found)


def lines_of(organisation: Organisation, keys: Sequence[int]) -> dict[int, Line]:
    """Answers by their keys in the record, as they are now; what was withdrawn since is gone."""
    found = _matching(organisation, Wanted(Selection()), keys)
    return {line.key: line for line in _read(found)}


def count_answers(source: Source, wanted: Wanted) -> int | None:
    """How many there are; None where only reading them all would tell."""
    if wanted.search:
        return None
    return queries.count_responses(source, _for_teams(wanted), with_text=wanted.with_text)


def strongest(
    organisation: Organisation,
    source: Source,
    wanted: Wanted,
    *ends: queries.End,
    number: int = 3,
) -> list[list[Line]]:
    """The words of those who felt most strongly, at each end of the scale.

    Among equal ratings the newest with something to read: longer than a word, short enough for a
    page.
    """
    found = queries.list_strongest(source, _for_teams(wanted), *ends, limit=PAGE)
    return [_worth_reading(organisation, wanted, keys, number) for keys in found]


def _worth_reading(
    organisation: Organisation, wanted: Wanted, keys: list[int], number: int
) -> list[Line]:
    """Read a few at a time: mostly the first ones will do."""
    low, high = EXCERPT_CHARACTERS
    chosen: list[Line] = []
    for place in range(0, len(keys), 4 * number):
        piece = keys[place : place + 4 * number]
        lines = {line.key: line for line in _read(_matching(organisation, wanted, piece))}
        ordered = (lines[key] for key in piece if key in lines)
        chosen += [line for line in ordered if low <= len(line.verbatim) <= high]
        if len(chosen) >= number:
            break
    return chosen[:number]


MOST_APART = 100


def list_set_apart(
    membership: Membership, survey: Survey | None
) -> tuple[list[tuple[Line, str]], int]:
    """Answers that look like a machine's, newest first, each with its signals; and how many.

    At most a hundred; only those of teams this colleague may read.
    """
    apart = _apart(membership, survey)
    newest = apart.order_by(F("responded_at").desc(nulls_last=True), "-pk")
    rows = dict(newest.values_list("pk", "signals")[:MOST_APART])
    lines = {line.key: line for line in _read(Response.objects.filter(pk__in=rows))}
    return [(lines[key], signals) for key, signals in rows.items()], apart.count()


def count_set_apart(membership: Membership, survey: Survey | None) -> int:
    """How many answers that this colleague may read are set apart."""
    return _apart(membership, survey).count()


def _apart(membership: Membership, survey: Survey | None) -> QuerySet[Response]:
    surveys = Survey.objects.filter(organisation=membership.organisation, deleted_at=None)
    wanted = [survey.pk] if survey else list(surveys.values_list("pk", flat=True))
    apart = Response.objects.filter(
        survey__in=wanted, is_suspicious=True, withdrawn_at__isnull=True
    )
    keys = visible_teams(membership)
    return apart if keys is None else apart.filter(team_id__in=keys)


def get_answer(membership: Membership, public_id: Any) -> Response | None:
    """A response of the organisation that this colleague may read, withdrawn ones included."""
    responses = Response.objects.filter(organisation=membership.organisation, public_id=public_id)
    keys = visible_teams(membership)
    if keys is not None:
        responses = responses.filter(team_id__in=keys)
    return responses.select_related("survey", "version", "person", "team", "touchpoint").first()


def list_of_person(membership: Membership, response: Response) -> list[Line]:
    """What the same person answered at other times, newest first, as far as may be read."""
    if response.person_id is None:
        return []
    others = Response.objects.filter(
        organisation=membership.organisation,
        person=response.person_id,
        withdrawn_at=None,
        is_suspicious=False,
    ).exclude(pk=response.pk)
    keys = visible_teams(membership)
    if keys is not None:
        others = others.filter(team_id__in=keys)
    lines = _read(others)
    return sorted(lines, key=lambda line: (line.at is None, -_stamp(line.at), -line.key))[:PAGE]


def _candidates(
    source: Source,
    wanted: Wanted,
    after: Mark | None,
    size: int = CANDIDATES,
) -> Iterator[list[int]]:
    """Record keys in the order of the list, a piece at a time."""
    selection = _for_teams(wanted)
    if wanted.search:
        yield from _searched(source, wanted, after)
        return
    while True:
        place = (after.at, after.key) if after else None
        page = queries.list_keys(
            source, selection, after=place, limit=size, with_text=wanted.with_text
        )
        if not page:
            return
        yield [key for _at, key in page]
        at, key = page[-1]
        after = Mark(at, key)


def _searched(source: Source, wanted: Wanted, after: Mark | None) -> Iterator[list[int]]:
    """Those whose words match, newest first, as far as the projection has them in the selection."""
    said = answers_with(wanted.search).values("response")
    base = Response.objects.filter(
        pk__in=said,
        survey__public_id__in=wanted.selection.surveys,
        withdrawn_at=None,
        is_suspicious=False,
    )
    selection = _for_teams(wanted)
    for part in (base.filter(responded_at__isnull=False), base.filter(responded_at__isnull=True)):
        ordered = part.order_by("-responded_at", "-pk").values_list("responded_at", "pk")
        piece: list[int] = []
        for at, key in ordered.iterator(chunk_size=CANDIDATES):
            if after is not None and not _comes_after(at, key, after):
                continue
            piece.append(key)
            if len(piece) == CANDIDATES:
                yield queries.keep_keys(source, selection, tuple(piece))
                piece = []
        if piece:
            yield queries.keep_keys(source, selection, tuple(piece))


def _comes_after(at: datetime | None, key: int, after: Mark) -> bool:
    return (at is None, -_stamp(at), -key) > (after.at is None, -_stamp(after.at), -after.key)


def _stamp(at: datetime | None) -> float:
    return at.astimezone(UTC).timestamp() if at else 0.0


def _for_teams(wanted: Wanted) -> Selection:
    if wanted.teams is None:
        return wanted.selection
    return wanted.selection.narrowed(Filter("team", tuple(sorted(wanted.teams))))


def _matching(
    organisation: Organisation, wanted: Wanted, keys: Sequence[int]
) -> QuerySet[Response]:
    """These responses as they are now: what was withdrawn since is gone, and words must match.

    The organisation is asked for in a way that no index serves: SQLite would else walk through all
    its responses instead of looking up the few keys.
    """
    own = Response.objects.alias(own=F("organisation_id") + 0).filter(own=organisation.pk)
    chosen = own.filter(pk__in=keys, withdrawn_at=None, is_suspicious=False)
    if wanted.with_text or wanted.search:
        everything = answers_with(wanted.search) if wanted.search else Answer.objects
        said = everything.filter(response=OuterRef("pk")).exclude(verbatim="")
        chosen = chosen.filter(Exists(said))
    if wanted.teams is not None:
        chosen = chosen.filter(team__public_id__in=wanted.teams)
    return chosen


def _read(responses: QuerySet[Response]) -> list[Line]:
    return [_line(response) for response in list(_whole(responses))]


def _whole(responses: QuerySet[Response], *also: str) -> QuerySet[Response]:
    joined = responses.select_related("survey", "person", "team", *also)
    return joined.prefetch_related("answers__question")


def _line(response: Response) -> Line:
    rated = words = None
    for answer in sorted(response.answers.all(), key=lambda a: a.question.position):
        if answer.question.position == RATING_POSITION:
            rated = answer
        elif answer.verbatim:
            words = words or answer
    person = response.person
    return Line(
        id=str(response.public_id),
        key=response.pk,
        rating=rated.rating if rated else None,
        raw=rated.raw if rated else "",
        verbatim=words.verbatim if words else "",
        who=str(person) if person else "",
        person_id=str(person.public_id) if person else "",
        at=response.responded_at,
        survey_id=str(response.survey.public_id),
        survey=response.survey.title,
        team=response.team.name if response.team else "",
        language=response.language,
        metric=Metric(response.survey.metric),
        scale=rated.question.scale if rated else None,
        attributes=response.attributes,
    )


def read_mark(text: str) -> Mark | None:
    """A place in the list from the address; None for the beginning."""
    moment, _sign, key = text.rpartition("~")
    if not key.isdigit() or len(key) > 18:
        return None
    if not moment:
        return Mark(None, int(key))
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return Mark(at if at.tzinfo else at.replace(tzinfo=UTC), int(key))
