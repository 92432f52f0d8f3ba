"""Cases in words: why one opened, what happened, and the openings of the five gestures."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from gloed.loop.cases.models import Case, CaseEvent
from gloed.loop.cases.rules import Because, Gesture, Happened, Outcome, Reason

Words = str | Promise
LineWords = Callable[[CaseEvent], str]

GESTURES: dict[Gesture, Words] = {
    Gesture.ACKNOWLEDGE: pgettext_lazy("gesture", "Acknowledge"),
    Gesture.RECOGNISE: pgettext_lazy("gesture", "Recognise"),
    Gesture.COMPLIMENT: pgettext_lazy("gesture", "Compliment"),
    Gesture.THANK: pgettext_lazy("gesture", "Thank"),
    Gesture.TRUST: pgettext_lazy("gesture", "Trust"),
}
OPENINGS: dict[Gesture, Words] = {
    Gesture.ACKNOWLEDGE: gettext_lazy("You are right: this should not have gone this way."),
    Gesture.RECOGNISE: gettext_lazy("I see how much time and bother this has cost you."),
    Gesture.COMPLIMENT: gettext_lazy("You describe it so clearly that I could act on it at once."),
    Gesture.THANK: gettext_lazy("Thank you for telling us; without you we would not have known."),
    Gesture.TRUST: gettext_lazy("I take your word for it and put it right."),
}
FIELDS: dict[str, Any] = {
    "cause": gettext_lazy("Cause"),
    "cause_words": gettext_lazy("What went wrong, in your own words"),
    "done": gettext_lazy("What was done"),
    "told": gettext_lazy("What the customer was told"),
}
OUTCOMES = {Outcome(value): words for value, words in Case.Outcome.choices}
BANDS: dict[str, Words] = {
    "detractor": gettext_lazy("a detractor’s score"),
    "passive": gettext_lazy("a passive’s score"),
    "promoter": gettext_lazy("a promoter’s score"),
}
HOW: dict[str, Words] = {
    "call": gettext_lazy("on the telephone"),
    "letter": gettext_lazy("by mail"),
    "elsewhere": gettext_lazy("in another way"),
}


def opening_of(gesture: Gesture, language: str) -> str:
    """The sentence a gesture begins with, in the customer's language."""
    with translation.override(language if language in ("nl", "en") else None):
        return str(OPENINGS[gesture])


def reason_words(reasons: Iterable[Reason], themes: Mapping[str, str] | None = None) -> list[str]:
    """Why, one sentence part each; `themes` are names by key."""
    return [_reason(one, themes or {}) for one in reasons]


def _reason(reason: Reason, themes: Mapping[str, str]) -> str:
    about = reason.about
    match reason.because:
        case Because.BAND:
            return str(BANDS.get(about, about))
        case Because.RATING:
            return _("gave a %(rating)s") % {"rating": about}
        case Because.CONSENT:
            return _("may be called about it")
        case Because.WORDS:
            return _("wrote “%(word)s”") % {"word": about} if about else _("a word of alarm")
        case Because.THEME:
            return _("speaks of %(theme)s") % {"theme": themes.get(about, about)}
        case Because.ATTRIBUTE | Because.WORTH:
            return _about_them(reason)
        case Because.SILENCE:
            days = int(about or 0)
            return ngettext("silent for a day", "silent for %(days)s days", days) % {"days": days}
        case Because.RULE:
            return _("rule “%(name)s”") % {"name": about}
        case Because.AGAIN:
            return _("had a case less than a year ago")
    return _("chosen by %(name)s") % {"name": about} if about else _("opened by hand")


def _about_them(reason: Reason) -> str:
    if reason.because is Because.WORTH:
        return _("a customer of %(worth)s a year") % {"worth": _money(reason.about)}
    return reason.about or _("who the customer is")


def _money(about: str) -> str:
    """An amount as a reason keeps it ("EUR 48000"), as people write it here."""
    currency, _space, amount = about.rpartition(" ")
    return f"{currency} {number_format(amount, force_grouping=True)}".strip()


@dataclass(frozen=True, slots=True)
class Line:
    """How a line of the story is shown: what happened, and the icon beside it."""

    words: str | Promise | LineWords
    icon: str = "circle"


def _opened(event: CaseEvent) -> str:
    if event.detail.get("how") == "hand":
        return _("opened this case by hand")
    return _("This case opened")


def _assigned(event: CaseEvent) -> str:
    to, before = event.detail.get("to", ""), event.detail.get("from", "")
    if not to:
        return _("laid it back for the team")
    if before:
        return _("gave it from %(before)s to %(to)s") % {"before": before, "to": to}
    return (
        _("It went to %(to)s") % {"to": to}
        if not event.staff
        else _("gave it to %(to)s") % {"to": to}
    )


def _call(event: CaseEvent) -> str:
    return (
        _("called, and reached the customer")
        if event.detail.get("is_reached")
        else _("called, nobody answered")
    )


def _gesture(event: CaseEvent) -> str:
    name = event.detail.get("gesture", "")
    known = {gesture.value: words for gesture, words in GESTURES.items()}
    return _("used a gesture: %(name)s") % {"name": known.get(name, name)}


def _edited(event: CaseEvent) -> str:
    if "priority" in event.detail:
        choices = dict(Case.Priority.choices)
        before, after = (choices.get(value, value) for value in event.detail["priority"])
        return _("changed how soon: %(before)s → %(after)s") % {"before": before, "after": after}
    changes = event.detail.get("changes", {})
    names = [str(words) for name, words in FIELDS.items() if name in changes]
    return _("wrote down: %(names)s") % {"names": ", ".join(names)} if names else _("changed it")


def _closed(event: CaseEvent) -> str:
    outcomes = {outcome.value: words for outcome, words in OUTCOMES.items()}
    name = event.detail.get("outcome", "")
    return _("closed this case: %(outcome)s") % {"outcome": outcomes.get(name, name)}


def _contacted(event: CaseEvent) -> str:
    how = event.detail.get("how", "")
    return _("The customer heard from us, %(how)s") % {"how": HOW.get(how, how)}


def _told(words: Words) -> LineWords:
    return lambda event: str(words) % {"to": event.detail.get("to", "") or "–"}


LINES: dict[str, Line] = {
    Happened.OPENED: Line(_opened, "folder-open"),
    Happened.JOINED: Line(gettext_lazy("Another answer of the same customer"), "message-circle"),
    Happened.ASSIGNED: Line(_assigned, "user"),
    Happened.CONTACTED: Line(_contacted, "check"),
    Happened.NOTE: Line(pgettext_lazy("what somebody did", "noted"), "sticky-note"),
    Happened.CALL: Line(_call, "phone"),
    Happened.GESTURE: Line(_gesture, "heart-handshake"),
    Happened.NO_ROOM: Line(gettext_lazy("has no room to solve it"), "octagon-alert"),
    Happened.TASK_DONE: Line(gettext_lazy("did"), "check"),
    Happened.EDITED: Line(_edited, "pencil"),
    Happened.REMINDED: Line(_told(gettext_lazy("Reminder to %(to)s")), "bell"),
    Happened.ESCALATED: Line(_told(gettext_lazy("Late: told %(to)s")), "alarm-clock"),
    Happened.CLOSED: Line(_closed, "folder-check"),
    Happened.REOPENED: Line(gettext_lazy("took it up again"), "folder-open"),
}


def name_line(kind: str, words: Words | LineWords, *, icon: str = "circle") -> None:
    """Say how lines of a neighbouring app are shown; called from its AppConfig.ready.

    `words` is a sentence without its subject ("sent a mail"), or makes one of the event.
    """
    LINES[kind] = Line(words, icon)


def line_of(event: CaseEvent) -> tuple[str, str]:
    """What happened in words, and the icon."""
    line = LINES.get(event.kind, Line(event.kind))
    words = line.words(event) if callable(line.words) else str(line.words)
    return words, line.icon


def due_words(case: Case, now: datetime) -> str:
    """When the customer should have heard from us; "" once they have, or when it is closed."""
    if case.due_at is None or case.contacted_at is not None or not case.is_open:
        return ""
    local, today = timezone.localtime(case.due_at), timezone.localtime(now).date()
    clock = f"{local:%H:%M}"
    days = (local.date() - today).days
    if case.due_at <= now:
        if days == 0:
            return _("late: today %(time)s") % {"time": clock}
        return ngettext("late: a day", "late: %(days)s days", -days) % {"days": -days}
    if days == 0:
        return _("today before %(time)s") % {"time": clock}
    if days == 1:
        return _("tomorrow before %(time)s") % {"time": clock}
    day = date_format(local, "D j F")
    return _("%(day)s before %(time)s") % {"day": day, "time": clock}
