"""The scores of teams: as counted and steadied, with the places that the answers allow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from gloed.analysis import queries
from gloed.analysis.changes.segments import sizes_of
from gloed.analysis.changes.subjects import Subject
from gloed.analysis.looking import Ground, Look, ground_of, selection_of
from gloed.analysis.measures import Measure
from gloed.analysis.queries import ALL_TIME, Query, Result, Selection
from gloed.analysis.store import Source
from gloed.analysis.teams.rules import Key, Reader, Sight, reckoned, sights
from gloed.stats import (
    Caveat,
    Estimate,
    Histogram,
    NetCounts,
    RankRange,
    can_be_ranked,
    rank_groups,
    shrink,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One team: its score as counted, steadied by the others, and the places it can have."""

    key: str
    sight: Sight
    n: int = 0
    raw: Estimate | None = None
    steadied: Estimate | None = None
    place: RankRange | None = None
    is_own: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether its numbers may be seen."""
        return self.sight is Sight.SHOWN and self.raw is not None


@dataclass(frozen=True)
class TeamsReport:
    """Everything the page shows; without rows no team has answers."""

    ground: Ground
    rows: tuple[Row, ...] = ()
    total: Estimate | None = None
    without_team: int = 0
    ranked: int = 0  # how many teams the places are among
    can_rank: bool = False
    is_steadied: bool = False
    mixes_channels: bool = False
    sees_own_only: bool = False

    @property
    def measure(self) -> Measure | None:
        """How the score is reckoned."""
        return self.ground.measure

    @property
    def shown(self) -> tuple[Row, ...]:
        """The teams whose numbers may be seen."""
        return tuple(row for row in self.rows if row.is_shown)

    def count(self, *kinds: Sight) -> int:
        """How many teams are shut for one of these reasons."""
        return sum(row.sight in kinds for row in self.rows)


def usual_subject(source: Source, subjects: Sequence[Subject]) -> Subject | None:
    """The subject with answers of most teams; without teams the first."""
    result = queries.run(source, Query(Selection(), by=("survey", "team")))
    known = {cell.group for cell in result.cells if cell.group[1] and cell.histogram.n}

    def teams_of(subject: Subject) -> int:
        own = {str(survey.public_id) for survey in subject.surveys}
        return len({team for survey, team in known if survey in own})

    return max((one for one in subjects if one.is_one), key=teams_of, default=None)


def teams_report(look: Look, reader: Reader) -> TeamsReport | None:
    """The teams of the subject of a request; None where nobody answered anything."""
    if look.subject is None:
        return None
    ground = _without_team_filter(ground_of(look, look.subject))
    report = TeamsReport(ground, sees_own_only=reader.sees_own_only)
    measure = ground.measure
    if measure is None:
        return report
    selection = selection_of(ground)
    groups = _groups(queries.run(look.source, Query(selection, by=("team",))), measure)
    if not any(key is not None for key in groups):
        return report
    sizes = _sizes(look, ground, selection, groups, measure)
    seen = sights(sizes, reader, minimum=look.minimum)
    places = _places(measure, groups, seen)
    rows = _rows(measure, groups, seen, places, reader)
    is_total_shown = not reader.sees_own_only and sum(sizes.values()) >= look.minimum
    return replace(
        report,
        rows=rows,
        total=measure.estimate(_total(groups)) if is_total_shown else None,
        without_team=int(groups[None].n) if seen.get(None) is Sight.SHOWN else 0,
        ranked=len(places),
        can_rank=len(places) > 1 and can_be_ranked(list(places.values())),
        is_steadied=any(
            row.steadied is not None and Caveat.TOO_FEW_GROUPS not in row.steadied.caveats
            for row in rows
        ),
        mixes_channels=len(ground.choices.get("channel", [])) > 1
        and not any(column == "channel" for column, _value in ground.asked.filters),
    )


def _without_team_filter(ground: Ground) -> Ground:
    filters = tuple(pair for pair in ground.asked.filters if pair[0] != "team")
    return replace(ground, asked=replace(ground.asked, filters=filters, by="", band=None))


def _sizes(
    look: Look,
    ground: Ground,
    selection: Selection,
    groups: Mapping[Key, Histogram],
    measure: Measure,
) -> dict[Key, int]:
    """Distinct people per team, reckoned small where the filters single somebody out."""
    own = _people(look, selection, groups)
    if not ground.asked.filters and ground.asked.window == ALL_TIME:
        return own
    everything = ground.subject.selection(ALL_TIME, ())
    before = _groups(queries.run(look.source, Query(everything, by=("team",))), measure)
    all_sizes = _people(look, everything, before)
    return {
        key: reckoned(size, all_sizes.get(key, size), minimum=look.minimum)
        for key, size in own.items()
    }


def _people(look: Look, selection: Selection, groups: Mapping[Key, Histogram]) -> dict[Key, int]:
    people = queries.count_people(look.source, selection, ("team",))
    return {key: sizes_of(own, people.get((key,))) for key, own in groups.items()}


def _rows(
    measure: Measure,
    groups: Mapping[Key, Histogram],
    seen: Mapping[Key, Sight],
    places: Mapping[str, RankRange],
    reader: Reader,
) -> tuple[Row, ...]:
    """The teams, the steadied score deciding the order; hidden ones last."""
    keys = [key for key in groups if key is not None]
    counts = [measure.net_counts(groups[key]) for key in keys]
    steadied = dict(zip(keys, steady(tuple(counts)), strict=True))
    shown = [key for key in keys if seen[key] is Sight.SHOWN]
    raws = dict(zip(shown, measure.estimates([groups[key] for key in shown]), strict=True))
    rows = [
        Row(
            key,
            seen[key],
            int(groups[key].n) if seen[key] is Sight.SHOWN else 0,
            raws.get(key),
            measure.from_points(steadied[key]) if seen[key] is Sight.SHOWN else None,
            places.get(key) if seen[key] is Sight.SHOWN else None,
            key in reader.own,
        )
        for key in keys
    ]
    return tuple(sorted(rows, key=_order))


def _places(
    measure: Measure, groups: Mapping[Key, Histogram], seen: Mapping[Key, Sight]
) -> dict[str, RankRange]:
    """The places among the teams shown, and those shown to others only."""
    ranked = [key for key in groups if key and seen[key] in {Sight.SHOWN, Sight.ELSEWHERE}]
    counts = [measure.net_counts(groups[key]) for key in ranked]
    return dict(zip(ranked, rank_groups(counts) if counts else (), strict=True))


@lru_cache(maxsize=128)
def steady(counts: tuple[NetCounts, ...]) -> tuple[Estimate, ...]:
    """Every team pulled towards all as far as its own answers leave open, in points."""
    return shrink(counts)


def _groups(result: Result, measure: Measure) -> dict[Key, Histogram]:
    found: dict[Key, Histogram] = {}
    for cell in result.cells:
        if cell.scale == measure.scale and cell.histogram.n:
            key = cell.group[0]
            found[key] = found[key] + cell.histogram if key in found else cell.histogram
    return found


def _total(groups: Mapping[Key, Histogram]) -> Histogram:
    first, *others = groups.values()
    return sum(others, start=first)


def _order(row: Row) -> tuple[bool, float, str]:
    score = row.steadied.value if row.steadied else 0.0
    return (not row.is_shown, -score, row.key)
