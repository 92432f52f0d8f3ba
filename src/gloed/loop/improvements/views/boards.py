"""Improvements as a list, on a board and along time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gloed.base.links import page_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import take_undo
from gloed.loop.improvements import queries
from gloed.loop.improvements.forms import NarrowForm
from gloed.loop.improvements.models import BOARDS, STATUSES, Improvements
from gloed.loop.improvements.queries import Card
from gloed.loop.improvements.rules import ON_THE_BOARD, Board, Status
from gloed.loop.improvements.views.common import (
    loud_words,
    may_improve,
    sign_words,
    today,
    ways_to_look,
)

PAGE_SIZE = 50
IN_A_COLUMN = 30
FINISHED_DAYS = 90
"""So long what was finished stays on the board."""
MONTHS_SHOWN = 6


@require_safe
@staff_may("responses.view_answers")
def improvement_list(request: StaffRequest) -> HttpResponse:
    """All of them, filtered by the address."""
    form = NarrowForm(request.GET)
    form.is_valid()
    asked = {name: form.cleaned_data.get(name) or "" for name in ("status", "kind", "sign", "q")}
    board = _board(request)
    everything = queries.seen_by(request.membership)
    found = queries.narrowed(
        everything,
        organisation=request.organisation,
        board=board,
        status=asked["status"],
        kind=asked["kind"],
        sign=asked["sign"],
        search=asked["q"],
        today=today(),
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    cards = queries.cards_of(page.object_list, today=today())  # type: ignore[arg-type]  # a slice
    active = [
        (_words_of(form, name), f"?{urlencode({**asked, 'board': board, name: ''})}")
        for name, value in asked.items()
        if value
    ]
    context = {
        "form": form,
        "active": active,
        "reset_url": request.path if active else "",
        "page": page,
        "cards": [(card, sign_words(card.signs)) for card in cards],
        "count": page.paginator.count,
        "is_empty": not active and not everything.exists(),
        **_shared(request, "list", board),
    }
    return render_page(request, "improvements/list.html", context, region="improvements")


@require_safe
@staff_may("responses.view_answers")
def board(request: StaffRequest) -> HttpResponse:
    """What is open, column by column; a card is moved by its own buttons."""
    shown = _board(request) or Board.FIX.value
    found = queries.narrowed(
        queries.seen_by(request.membership),
        organisation=request.organisation,
        board=shown,
        today=today(),
    )
    context = {
        "columns": _columns(found),
        "is_empty": not found.exists(),
        **_shared(request, "board", shown),
    }
    return render_page(request, "improvements/board.html", context, region="board")


@require_safe
@staff_may("responses.view_answers")
def timeline(request: StaffRequest) -> HttpResponse:
    """What is planned or being done along the months, and what has no place there yet."""
    shown = _board(request)
    found = queries.narrowed(
        queries.seen_by(request.membership),
        organisation=request.organisation,
        board=shown,
        status="open",
        today=today(),
    )
    cards = queries.cards_of(found, today=today())
    dated = [card for card in cards if card.improvement.due_on or card.improvement.starts_on]
    scale = _scale(dated)
    context = {
        "rows": [_bar(card, scale) for card in sorted(dated, key=_begin)],
        "undated": [card for card in cards if card not in dated],
        "months": scale.months,
        "now": scale.place(today()),
        "is_empty": not cards,
        **_shared(request, "timeline", shown),
    }
    return render_page(request, "improvements/timeline.html", context)


def _shared(request: StaffRequest, present: str, shown: str) -> dict[str, object]:
    boards = [("", _("Everything"))] if present != "board" else []
    boards += [(value, str(words)) for value, words in BOARDS]
    here = reverse(f"improvements:{present}")
    return {
        "ways": ways_to_look(present),
        "boards": [(words, f"{here}?board={value}", value == shown) for value, words in boards],
        "may_improve": may_improve(request),
        "undo": take_undo(request),
        "register_url": page_url("effects:register"),
        "told_url": page_url("told_back:page"),
    }


def _board(request: StaffRequest) -> str:
    asked = request.GET.get("board", "")
    return asked if asked in set(Board) else ""


def _words_of(form: NarrowForm, name: str) -> str:
    value = form.cleaned_data[name]
    choices = getattr(form.fields[name], "choices", None)
    return str(dict(choices)[value]) if choices else f"“{value}”"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the board: its cards, and where each may be moved."""

    status: Status
    label: str
    cards: list[tuple[Card, list[str], list[tuple[str, str]]]]
    has_more: bool

    @property
    def count(self) -> str:
        """How many there are, as far as they were counted."""
        return f"{len(self.cards)}{'+' if self.has_more else ''}"


def _columns(found: Improvements) -> list[Column]:
    names = {Status(value): str(words) for value, words in STATUSES}
    columns = []
    for status in ON_THE_BOARD:
        own = found.filter(status=status)
        if status is Status.FINISHED:
            since = today() - timedelta(days=FINISHED_DAYS)
            own = own.filter(finished_at__date__gte=since)
        cards = queries.cards_of(own[: IN_A_COLUMN + 1], today=today())
        cards.sort(key=lambda card: (not card.is_late, not card.is_ownerless))
        others = [(s.value, names[s]) for s in names if s is not status]
        shown = [(card, loud_words(card), others) for card in cards[:IN_A_COLUMN]]
        columns.append(Column(status, names[status], shown, len(cards) > IN_A_COLUMN))
    return columns


@dataclass(frozen=True, slots=True)
class Scale:
    """The months a timeline shows, and where a day lies between its ends, in percent."""

    start: date
    end: date
    months: list[tuple[date, float]]

    def place(self, day: date) -> float:
        """Where a day lies; what is outside lies on the end."""
        whole = (self.end - self.start).days
        return round(100 * min(max((day - self.start).days / whole, 0), 1), 2)


def _scale(cards: Sequence[Card]) -> Scale:
    days = [today(), *(_begin(card) for card in cards), *(_end(card) for card in cards)]
    start = max(min(days), today() - timedelta(days=365)).replace(day=1)
    months, last = [start], min(max(days), today() + timedelta(days=730))
    while months[-1] <= last or len(months) <= MONTHS_SHOWN:
        months.append((months[-1] + timedelta(days=32)).replace(day=1))
    scale = Scale(start, months[-1], [])
    step = max(1, len(months) // 8)
    named = [(month, scale.place(month)) for month in months[:-1:step]]
    return Scale(start, months[-1], named)


@dataclass(frozen=True, slots=True)
class Bar:
    """One improvement along time: where its bar begins and how wide it is, in percent."""

    card: Card
    signs: list[str]
    left: float
    width: float


def _bar(card: Card, scale: Scale) -> Bar:
    left, right = scale.place(_begin(card)), scale.place(_end(card) + timedelta(days=1))
    return Bar(card, loud_words(card), left, max(round(right - left, 2), 1.0))


def _begin(card: Card) -> date:
    found = card.improvement
    started = found.started_at.date() if found.started_at else None
    return started or found.starts_on or found.created_at.date()


def _end(card: Card) -> date:
    return max(card.improvement.due_on or _begin(card) + timedelta(days=28), _begin(card))
