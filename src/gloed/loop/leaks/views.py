"""The leak meter, the lists behind its numbers, and the same as a file."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gloed.base.models import Team
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.queries import list_teams
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.loop.leaks import listing, meter, words
from gloed.loop.leaks.rules import (
    ANSWERS,
    ASKS,
    CASES,
    PERIODS,
    Count,
    Energy,
    Step,
    Tally,
    age_of,
    read_window,
    widest_leak,
)
from gloed.loop.leaks.steps import NOWHERE, PARTS, RUNGS, Wish, list_step, wish_of
from gloed.surveys.models import Touchpoint

PAGE = 50
WIDE = 100
NONE = "none"
"""In an address: what belongs to no team, or to no touchpoint."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the address: the period, and what narrows it."""

    when: str
    wish: Wish
    team: Team | None
    touchpoint: Touchpoint | None

    @property
    def team_key(self) -> str:
        """The team in an address: its public id, "none" for what has none, "" for all."""
        return _key_of(self.team, self.wish.team)

    @property
    def touchpoint_key(self) -> str:
        """The same of the touchpoint."""
        return _key_of(self.touchpoint, self.wish.touchpoint)

    def address(self, **changed: str) -> str:
        """The query of an address for the same, with some of it changed."""
        window = self.wish.window
        kept = {
            "when": self.when,
            "from": "" if self.when else window.first.isoformat(),
            "to": "" if self.when else window.last.isoformat(),
            "team": self.team_key,
            "touchpoint": self.touchpoint_key,
        } | changed
        given = {name: value for name, value in kept.items() if value}
        return f"?{urlencode(given)}" if given else ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A step as it is drawn: shares of the widest step of its part, in percent."""

    step: Step
    words: words.StepWords
    count: Count
    percent: int | None
    through_width: float
    waiting_width: float
    days: int | None
    median: int | None
    came_url: str
    through_url: str
    waiting_url: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One step of one team or touchpoint: its counts, and the lists behind them."""

    count: Count
    percent: int | None
    days: int | None
    through_url: str
    waiting_url: str


@require_safe
@staff_may("analysis.view_report")
def leak_meter(request: StaffRequest) -> HttpResponse:
    """How many got through every step, how many are stuck there, and since when."""
    asked, now = _read(request), timezone.now()
    found = meter.tally(asked.wish)
    may_list = may(Role(request.membership.role), "responses.view_answers")
    totals = {step: found.total(step) for step in Step}
    steps = [step for step in Step if asked.wish.teams is None or step not in ASKS]
    parts = [
        (title, [_bar(step, totals, asked, now=now, may_list=may_list) for step in part])
        for title, part in (
            (_("What we ask"), ASKS),
            (_("What comes in"), ANSWERS),
            (_("What is done about it"), CASES),
        )
        if part[0] in steps
    ]
    leak = widest_leak({step: totals[step] for step in steps})
    energy = _energy(asked, now=now, may_list=may_list)
    context = {
        "asked": asked,
        "periods": _periods(asked),
        "teams": list(list_teams(request.organisation)) if asked.wish.teams is None else [],
        "touchpoints": list(Touchpoint.objects.filter(organisation=request.organisation)),
        "parts": parts,
        "is_empty": not any(count.came for count in totals.values()) and not energy["is_any"],
        "leak": words.STEPS[leak] if leak else None,
        "leak_count": totals[leak] if leak else None,
        "leak_url": _list_url(leak, "waiting", asked) if leak and may_list else "",
        "by_team": []
        if asked.team_key
        else _breakdown(found, "team", asked, now=now, may_list=may_list),
        "by_touchpoint": []
        if asked.touchpoint_key
        else _breakdown(found, "touchpoint", asked, now=now, may_list=may_list),
        "step_names": [words.STEPS[step].name for step in (*ANSWERS, *CASES)],
        "energy": energy,
        "csv_url": reverse("leaks:csv") + asked.address(),
    }
    return render_page(request, "leaks/meter.html", context, region="meter")


@require_safe
@staff_may("responses.view_answers")
def step_list(request: StaffRequest) -> HttpResponse:
    """What stands behind one number (`?step=…&part=…`), those that wait longest first."""
    asked, now = _read(request), timezone.now()
    step, part = request.GET.get("step", ""), request.GET.get("part", "waiting")
    if step in Energy.__members__.values() and part == "waiting":
        leak, band = Energy(step), _band(request.GET.get("age", ""))
        rows, since = meter.list_energy(leak, asked.wish, band=band, now=now), _since(leak)
        heading, lede = words.ENERGY[leak]
    elif step in Step.__members__.values() and part in PARTS:
        known = Step(step)
        rows, since = list_step(known, part, asked.wish), RUNGS[known].since
        told = words.STEPS[known]
        heading, lede = told.name, _lede(told, part)
    else:
        raise Http404
    model = rows.model
    pages = Paginator(rows.select_related(*listing.RELATED[model]), PAGE)
    page = pages.get_page(request.GET.get("page"))
    may_see_people = may(Role(request.membership.role), "people.view_person")
    context = {
        "heading": heading,
        "lede": lede,
        "part": part,
        "asked": asked,
        "page": page,
        "lines": listing.lines_of(
            list(page.object_list), since, now=now, may_see_people=may_see_people
        ),
        "meter_url": reverse("leaks:meter") + asked.address(),
        "unit": _unit(model.__name__),
    }
    return render_page(request, "leaks/list.html", context)


@require_safe
@staff_may("analysis.view_report")
def meter_csv(request: StaffRequest) -> HttpResponse:
    """Every step by team and touchpoint, as a file."""
    asked, now = _read(request), timezone.now()
    found = meter.tally(asked.wish)
    teams = dict(Team.objects.filter(organisation=request.organisation).values_list("pk", "name"))
    places = dict(
        Touchpoint.objects.filter(organisation=request.organisation).values_list("pk", "name")
    )
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="leaks.csv"'
    writer = csv.writer(response)
    writer.writerow(
        ["step", "team", "touchpoint", "came", "through", "waiting", "rate", "oldest_days"]
    )
    for step, cells in found.cells.items():
        for (team, place), count in cells.items():
            rate = "" if count.rate is None else f"{count.rate:.4f}"
            names = [_harmless(teams.get(team or 0, "")), _harmless(places.get(place or 0, ""))]
            days = age_of(count.oldest, now=now)
            row = [step.value, *names, count.came, count.through, count.waiting, rate]
            writer.writerow([*row, "" if days is None else days])
    return response


def _read(request: StaffRequest) -> Asked:
    given: QueryDict = request.GET
    when, window = read_window(
        given.get("when", ""),
        given.get("from", ""),
        given.get("to", ""),
        today=timezone.localdate(),
    )
    wanted = {name: given.get(name, "") for name in ("team", "touchpoint")}
    team = _one(list_teams(request.organisation), wanted["team"])
    places = Touchpoint.objects.filter(organisation=request.organisation)
    touchpoint = _one(places, wanted["touchpoint"])
    found = {"team": team, "touchpoint": touchpoint}
    narrowed = {
        name: one.pk if one else NOWHERE if wanted[name] == NONE else None
        for name, one in found.items()
    }
    return Asked(when, wish_of(request.membership, window, **narrowed), team, touchpoint)


def _one(rows: Any, public_id: str) -> Any:
    """The row of this id, None for an id that is none or somebody else's."""
    return (
        next((row for row in rows if str(row.public_id) == public_id), None) if public_id else None
    )


def _key_of(one: Team | Touchpoint | None, wished: int | None) -> str:
    return str(one.public_id) if one else NONE if wished == NOWHERE else ""


def _band(text: str) -> int | None:
    """The band of ages an address asks for; None for every age, and for what is no band."""
    return int(text) if text in map(str, range(len(words.BANDS))) else None


def _periods(asked: Asked) -> list[tuple[str, str, bool]]:
    names = {"30d": _("30 days"), "90d": _("90 days"), "365d": _("A year")}
    return [
        (names[one], reverse("leaks:meter") + asked.address(when=one, **{"from": "", "to": ""}),
         one == asked.when)
        for one in PERIODS
    ]  # fmt: skip


def _list_url(step: Step | Energy, part: str, asked: Asked, **narrowed: str) -> str:
    return reverse("leaks:list") + asked.address(step=step.value, part=part, **narrowed)


def _bar(
    step: Step, totals: Mapping[Step, Count], asked: Asked, *, now: Any, may_list: bool
) -> Bar:
    part = next(part for part in (ASKS, ANSWERS, CASES) if step in part)
    widest = max((totals[one].came for one in part), default=0) or 1
    count = totals[step]
    return Bar(
        step=step,
        words=words.STEPS[step],
        count=count,
        percent=None if count.rate is None else round(100 * count.rate),
        through_width=round(WIDE * count.through / widest, 1),
        waiting_width=round(WIDE * count.waiting / widest, 1),
        days=age_of(count.oldest, now=now),
        median=meter.median_wait(step, count.waiting, asked.wish, now=now),
        came_url=_list_url(step, "came", asked) if may_list else "",
        through_url=_list_url(step, "through", asked) if may_list else "",
        waiting_url=_list_url(step, "waiting", asked) if may_list else "",
    )


def _breakdown(
    found: Tally, which: str, asked: Asked, *, now: Any, may_list: bool
) -> list[tuple[str, str, list[Cell]]]:
    """Per team or touchpoint: its name, the meter of it alone, and every step that has one."""
    model: Any = Team if which == "team" else Touchpoint
    rows_of = model.objects.filter(organisation=asked.wish.organisation)
    known = {
        pk: (name, str(key)) for pk, name, key in rows_of.values_list("pk", "name", "public_id")
    }
    steps = (*ANSWERS, *CASES)
    split = {
        step: found.by_team(step) if which == "team" else found.by_touchpoint(step)
        for step in steps
    }
    keys = {key for counts in split.values() for key in counts}
    if keys <= {None}:
        return []
    nowhere = (_("none"), NONE)
    rows = []
    for key in sorted(keys, key=lambda key: known.get(key or 0, ("~", ""))):
        name, public_id = known.get(key or 0, nowhere)
        cells = [
            _cell(step, split[step].get(key, Count()), asked, {which: public_id}, now, may_list)
            for step in steps
        ]
        rows.append((name, reverse("leaks:meter") + asked.address(**{which: public_id}), cells))
    return rows


def _cell(
    step: Step, count: Count, asked: Asked, place: dict[str, str], now: Any, may_list: bool
) -> Cell:
    return Cell(
        count,
        None if count.rate is None else round(100 * count.rate),
        age_of(count.oldest, now=now) if count.waiting else None,
        _list_url(step, "through", asked, **place) if may_list else "",
        _list_url(step, "waiting", asked, **place) if may_list else "",
    )


def _energy(asked: Asked, *, now: Any, may_list: bool) -> dict[str, Any]:
    found = meter.energy(asked.wish, now=now)
    urls = {leak.value: _list_url(leak, "waiting", asked) if may_list else "" for leak in Energy}
    return {
        "found": found,
        "unhandled": sum(found.unhandled),
        "is_any": any((*found.unhandled, found.no_room, found.goalless)),
        "bands": [
            (name, number, f"{urls['unhandled']}&age={band}" if may_list and number else "")
            for band, (name, number) in enumerate(zip(words.BANDS, found.unhandled, strict=True))
        ],
        "days": age_of(found.oldest, now=now),
        "urls": urls,
        "words": {leak.value: told for leak, told in words.ENERGY.items()},
    }


def _lede(told: words.StepWords, part: str) -> Any:
    parts = {"through": told.through, "waiting": told.waiting}
    return parts.get(part, _("Everything that came here, what got through and what is stuck."))


def _since(leak: Energy) -> str:
    return {
        Energy.UNHANDLED: "opened_at",
        Energy.NO_ROOM: "no_room_at",
        Energy.GOALLESS: "created_at",
    }[leak]


def _unit(model: str) -> str:
    return {
        "Invitation": _("asks"),
        "Response": _("answers"),
        "Case": _("cases"),
        "Improvement": _("improvements"),
    }[model]


def _harmless(text: str) -> str:
    """A cell that no table program takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
