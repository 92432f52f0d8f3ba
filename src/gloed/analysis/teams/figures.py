"""The picture of the teams: each as counted and steadied, with its interval."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gloed.analysis import words
from gloed.analysis.changes.words import listed
from gloed.analysis.definitions import Definition, formula_of
from gloed.analysis.figures.drawn import Figure, domain_of, names_axis, score_axis, spec_of
from gloed.analysis.measures import Measure
from gloed.analysis.teams.report import Row, TeamsReport
from gloed.analysis.teams.rules import SHOWN_TO_ALL, Sight, clearly
from gloed.base.figure_theme import LIGHT

NAMED = 3


def teams_figure(report: TeamsReport, csv_url: str = "") -> Figure | None:
    """The teams that may be seen; None where there is none."""
    measure, shown = report.measure, report.shown
    if measure is None or not shown:
        return None
    return Figure(
        id="by_team",
        title=_("%(metric)s by team") % {"metric": measure.label},
        says=says(report),
        spec=_spec(report, measure, shown),
        columns=[_("Team"), _("Steadied"), _("As counted"), _("Answers"), _("Place")],
        rows=[_cells(report, measure, row) for row in report.rows],
        exact_columns=[
            "team", "name", "answers", "score", "low", "high",
            "steadied", "steadied_low", "steadied_high", "place_best", "place_worst", "of_teams",
        ],
        exact=[_exact(report, row) for row in report.rows],
        csv_url=csv_url,
    )  # fmt: skip


def says(report: TeamsReport) -> str:
    """What the places tell, in a sentence or two."""
    if report.ranked < 2:
        text = _("There is no second team to set this one beside.")
    elif not report.can_rank:
        text = _("These teams cannot be ranked: with these answers each could be first or last.")
    elif report.sees_own_only:
        text = " ".join(
            _("%(name)s: %(place)s.")
            % {"name": name_of(report, row), "place": place_words(report, row)}
            for row in report.shown
        )
    else:
        text = _standing_out(report)
    return text


def _standing_out(report: TeamsReport) -> str:
    ranked = [(row, row.place) for row in report.shown if row.place is not None]
    sure = clearly([(place.best, place.worst) for _row, place in ranked], report.ranked)
    above = [row for (row, _p), (better, _w) in zip(ranked, sure, strict=True) if better]
    below = [row for (row, _p), (_b, worse) in zip(ranked, sure, strict=True) if worse]
    both = {row.key for row in above} & {row.key for row in below}
    said = []
    for rows, sentence in (
        (above, _("Better than some others for certain: %(names)s.")),
        (below[::-1], _("Worse than some others for certain: %(names)s.")),
    ):
        names = [name_of(report, row) for row in rows if row.key not in both]
        if names:
            more = [_("%(n)s more") % {"n": len(names) - NAMED}] if len(names) > NAMED else []
            said.append(sentence % {"names": listed(names[:NAMED] + more)})
    if not said:
        said.append(_("Some teams differ for certain, but none stands at one end."))
    return " ".join(said)


def name_of(report: TeamsReport, row: Row) -> str:
    """How a team is called."""
    return words.value_label("team", row.key, dict(report.ground.names))


def place_words(report: TeamsReport, row: Row) -> str:
    """The places a team can have: "place 2 to 5 of 9"."""
    if row.place is None or report.ranked < 2:
        return ""
    facts = {"best": row.place.best, "worst": row.place.worst, "count": report.ranked}
    if row.place.best == row.place.worst:
        return _("place %(best)d of %(count)d") % facts
    return _("place %(best)d to %(worst)d of %(count)d") % facts


def sight_words(row: Row) -> str:
    """Why nothing is shown of a team."""
    texts = {
        Sight.TOO_FEW: _("too few answers to show"),
        Sight.OWN_ONLY: _("too few answers to show to everybody; the team itself sees them"),
        Sight.BESIDE: _("hidden, or another team could be reckoned back"),
        Sight.ELSEWHERE: _("another team’s"),
    }
    return texts.get(row.sight, _("nobody answered"))


def definition_of(report: TeamsReport, filters: list[str], minimum: int) -> Definition:
    """What exactly was counted, for the definition card."""
    asked = report.ground.asked
    rows = [
        (_("Answers of"), report.ground.subject.label),
        (_("Period"), words.window_words(asked.window.start, asked.window.end)),
        (_("Filters"), ", ".join(filters) or _("none")),
        (
            _("Steadied"),
            _("pulled towards all teams as far as its own answers leave open; 95%%, "
              "Dirichlet-multinomial") % {},
        ),
        (_("Places"), _("pairwise tests, corrected for all of them (Holm)")),
        (
            _("Shown"),
            _("to the company from %(many)d people on, to the team itself from %(few)d")
            % {"many": SHOWN_TO_ALL, "few": minimum},
        ),
    ]  # fmt: skip
    if report.ground.cut_off is not None:
        rows.append((_("Data up to"), words.moment(report.ground.cut_off)))
    return Definition(rows, formula_of(report.measure) if report.measure else "")


def hidden_words(report: TeamsReport) -> list[str]:
    """How many teams are not shown, and why, a sentence each."""
    own, few, beside = (
        report.count(Sight.OWN_ONLY),
        report.count(Sight.TOO_FEW),
        report.count(Sight.BESIDE),
    )
    said = []
    if own:
        said.append(
            ngettext(
                "%(n)s team has fewer than %(many)s people who answered: it is not shown to the "
                "whole company, only to the team itself.",
                "%(n)s teams have fewer than %(many)s people who answered: they are not shown to "
                "the whole company, only to the teams themselves.",
                own,
            )
            % {"n": own, "many": SHOWN_TO_ALL}
        )
    if beside:
        said.append(
            ngettext(
                "%(n)s team is hidden beside them, so that nobody can reckon them back.",
                "%(n)s teams are hidden beside them, so that nobody can reckon them back.",
                beside,
            )
            % {"n": beside}
        )
    if few:
        said.append(
            ngettext(
                "%(n)s team has so few answers that nobody sees its score.",
                "%(n)s teams have so few answers that nobody sees their scores.",
                few,
            )
            % {"n": few}
        )
    return said


def _cells(report: TeamsReport, measure: Measure, row: Row) -> list[str]:
    name = name_of(report, row)
    if row.raw is None:
        return [name, sight_words(row), "", "", ""]
    steadied = words.interval(row.steadied, measure.kind) if row.steadied else ""
    return [
        name,
        steadied if report.is_steadied else "",
        words.interval(row.raw, measure.kind),
        words.number(row.n),
        place_words(report, row),
    ]


def _exact(report: TeamsReport, row: Row) -> list[Any]:
    name = name_of(report, row)
    if row.raw is None:
        return [row.key, name, *[None] * 10]
    steadied = row.steadied if report.is_steadied else None
    place = row.place
    return [
        row.key,
        name,
        row.n,
        row.raw.value,
        row.raw.low,
        row.raw.high,
        *([steadied.value, steadied.low, steadied.high] if steadied else [None] * 3),
        *([place.best, place.worst, report.ranked] if place else [None] * 3),
    ]


def _spec(report: TeamsReport, measure: Measure, shown: tuple[Row, ...]) -> dict[str, Any]:
    values = [_point(report, measure, row) for row in shown]
    estimates = [e for row in shown for e in (row.raw, row.steadied) if e is not None]
    low, high = domain_of(measure, estimates)
    x = score_axis(measure, (low, high), tickCount=6, grid=False)
    y = names_axis([value["name"] for value in values])
    tooltip = [
        {"field": "name", "title": _("Team"), "type": "nominal"},
        {"field": "steadied_text", "title": _("Steadied"), "type": "nominal"},
        {"field": "raw_text", "title": _("As counted"), "type": "nominal"},
        {"field": "n", "title": _("Answers"), "type": "quantitative"},
        {"field": "place", "title": _("Place"), "type": "nominal"},
    ]
    if not report.is_steadied:
        tooltip = [one for one in tooltip if one["field"] != "steadied_text"]
    layer: list[dict[str, Any]] = []
    if report.total is not None:
        layer.append(
            {
                "data": {"values": [{"all": report.total.value}]},
                "mark": {"type": "rule", "color": LIGHT["ember"], "strokeDash": [3, 3]},
                "encoding": {"x": {**x, "field": "all"}},
            }
        )
    layer += [
        {
            "mark": {"type": "rule", "strokeWidth": 2, "color": LIGHT["ink"]},
            "encoding": {
                "x": {**x, "field": "low"},
                "x2": {"field": "high"},
                "y": y,
                "tooltip": tooltip,
            },
        },
        {
            "mark": {"type": "point", "size": 70, "color": LIGHT["ink"]},
            "encoding": {"x": {**x, "field": "score"}, "y": y, "tooltip": tooltip},
        },
    ]
    if report.is_steadied:
        hollow = {"type": "point", "size": 60, "filled": False, "color": LIGHT["edge"]}
        layer.append(
            {
                "mark": {**hollow, "strokeWidth": 1.5},
                "encoding": {"x": {**x, "field": "raw"}, "y": y, "tooltip": tooltip},
            }
        )
    return spec_of(values, height=30 * len(values) + 10, layer=layer)


def _point(report: TeamsReport, measure: Measure, row: Row) -> dict[str, Any]:
    """What is drawn of a team: the steadied score where there is one, else as counted."""
    raw = row.raw
    drawn = row.steadied if report.is_steadied and row.steadied else raw
    if raw is None or drawn is None:
        raise ValueError("only teams that are shown are drawn")
    return {
        "name": name_of(report, row),
        "score": drawn.value,
        "low": drawn.low,
        "high": drawn.high,
        "raw": raw.value,
        "steadied_text": words.interval(drawn, measure.kind),
        "raw_text": words.interval(raw, measure.kind),
        "n": row.n,
        "place": place_words(report, row) or None,
    }
