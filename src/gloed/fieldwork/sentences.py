"""Rules as a person reads them: conditions, exceptions, triggers and rhythms in a sentence."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gloed.fieldwork import channels
from gloed.fieldwork.models import Trigger
from gloed.fieldwork.rules import (
    Condition,
    CountedIn,
    Every,
    Exemption,
    Relation,
    Rhythm,
    Where,
    read_conditions,
)
from gloed.fieldwork.rules.recurring import LAST

KINDS = {
    "call_ended": gettext_lazy("phone call ended"),
    "complaint_opened": gettext_lazy("complaint opened"),
    "contract_signed": gettext_lazy("contract signed"),
    "delivery": gettext_lazy("delivery"),
    "ticket_solved": gettext_lazy("ticket solved"),
    "ticket_reopened": gettext_lazy("ticket reopened"),
    "review_meeting": gettext_lazy("review meeting"),
    "order_returned": gettext_lazy("order returned"),
    "contract_ended": gettext_lazy("contract ended"),
}
"""Kinds of events that many houses know; any other is called by its own name."""
RELATIONS = {
    Relation.IS: gettext_lazy("is"),
    Relation.IS_NOT: gettext_lazy("is not"),
    Relation.AT_LEAST: gettext_lazy("is at least"),
    Relation.AT_MOST: gettext_lazy("is at most"),
    Relation.KNOWN: gettext_lazy("is known"),
    Relation.UNKNOWN: gettext_lazy("is not known"),
}
PLACES = {Where.PERSON: gettext_lazy("of the person"), Where.EVENT: gettext_lazy("of the event")}


def kind_words(kind: str) -> str:
    """A kind of event in words."""
    return str(KINDS.get(kind, kind.replace("_", " ")))


def condition_words(condition: Condition) -> str:
    """One condition: “priority (of the event) is “high” or “urgent””."""
    values = get_text_list(list(map(_quoted, condition.values)), _("or"))
    place = f"({PLACES[condition.where]})" if condition.where is Where.EVENT else ""
    parts = (condition.name, place, str(RELATIONS[condition.relation]), values)
    return " ".join(part for part in parts if part)


def _quoted(text: str) -> str:
    return _("“%(text)s”") % {"text": text}


def conditions_words(conditions: Iterable[Condition]) -> str:
    """Conditions that must all hold, in one clause; empty where there are none."""
    return get_text_list([condition_words(one) for one in conditions], _("and"))


def exemption_words(exemption: Exemption, *, survey: str = "") -> str:
    """An exception of the contact policy in a sentence; `survey` is the title it is limited to."""
    who = conditions_words(exemption.conditions)
    effects = "; ".join(_effects(exemption))
    if who and survey:
        words = _("Where %(who)s, for “%(survey)s”: %(effects)s.")
    elif who:
        words = _("Where %(who)s: %(effects)s.")
    elif survey:
        words = _("For “%(survey)s”: %(effects)s.")
    else:
        words = _("For everybody: %(effects)s.")
    return words % {"who": who, "survey": survey, "effects": effects}


def _effects(exemption: Exemption) -> list[str]:
    found = []
    if exemption.never:
        found.append(_("never ask"))
    elif exemption.never_by:
        ways = [str(channels.find(name).label) for name in exemption.never_by]
        found.append(_("never by %(ways)s") % {"ways": get_text_list(ways, _("or"))})
    if (days := exemption.relationship_rest_days) is not None:
        words = ngettext(
            "%(n)s day of rest between relationship surveys",
            "%(n)s days of rest between relationship surveys",
            days,
        )
        found.append(words % {"n": days})
    if (days := exemption.transactional_rest_days) is not None:
        words = ngettext(
            "%(n)s day of rest around every other survey",
            "%(n)s days of rest around every other survey",
            days,
        )
        found.append(words % {"n": days})
    if (times := exemption.survey_cap) is not None:
        words = ngettext(
            "the same survey at most once a year",
            "the same survey at most %(n)s times a year",
            times,
        )
        found.append(words % {"n": times} if times else _("the same survey without a limit"))
    if (share := exemption.sampling_share) is not None:
        found.append(_("%(n)s%% of events lead to an invitation") % {"n": share})
    return found or [_("nothing changes")]


def span_words(span: timedelta) -> str:
    """A span of time in its largest whole unit: "2 days", "36 hours", "5 minutes"."""
    minutes = round(span.total_seconds() / 60)
    if minutes and minutes % 1440 == 0:
        return ngettext("%(n)s day", "%(n)s days", minutes // 1440) % {"n": minutes // 1440}
    if minutes and minutes % 60 == 0:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def trigger_words(trigger: Trigger) -> str:
    """A trigger in a few sentences."""
    conditions = conditions_words(read_conditions(trigger.conditions))
    after = span_words(timedelta(minutes=trigger.delay_minutes)) if trigger.delay_minutes else ""
    values = {
        "kind": kind_words(trigger.kind),
        "conditions": conditions,
        "survey": trigger.survey.title,
        "way": channels.find(trigger.channel).label,
        "after": after,
    }
    if conditions and after:
        first = _(
            "After “%(kind)s”, where %(conditions)s: ask “%(survey)s”, %(after)s later (%(way)s)."
        )
    elif conditions:
        first = _("After “%(kind)s”, where %(conditions)s: ask “%(survey)s” at once (%(way)s).")
    elif after:
        first = _("After “%(kind)s”: ask “%(survey)s”, %(after)s later (%(way)s).")
    else:
        first = _("After “%(kind)s”: ask “%(survey)s” at once (%(way)s).")
    return " ".join([first % values, *_provisos(trigger)])


def _provisos(trigger: Trigger) -> list[str]:
    found = []
    if trigger.in_working_hours:
        hours = {"opens": f"{trigger.opens:%H:%M}", "closes": f"{trigger.closes:%H:%M}"}
        found.append(_("Only on working days from %(opens)s to %(closes)s.") % hours)
    if trigger.within_minutes is not None:
        span = span_words(timedelta(minutes=trigger.within_minutes))
        found.append(_("Not more than %(span)s after it happened.") % {"span": span})
    if trigger.cancelled_by:
        kinds = get_text_list([_quoted(kind_words(kind)) for kind in trigger.cancelled_by], _("or"))
        if trigger.match_on:
            words = _("%(kinds)s with the same %(name)s takes it back.")
        else:
            words = _("%(kinds)s takes it back.")
        found.append(words % {"kinds": kinds, "name": trigger.match_on})
    if trigger.sampling_share < 100:
        share = _("%(n)s%% of them, drawn at random.") % {"n": trigger.sampling_share}
        found.append(share)
    return found


def rhythm_words(rhythm: Rhythm) -> str:
    """A rhythm: "every month, on the first working day at 09:00"."""
    values = {
        "day": _day_words(rhythm),
        "time": f"{rhythm.at:%H:%M}",
        "month": {1: _("first"), 2: _("second"), 3: _("third")}[rhythm.month],
    }
    if rhythm.every is Every.MONTH:
        return _("every month, on %(day)s at %(time)s") % values
    return _("every quarter, in its %(month)s month on %(day)s at %(time)s") % values


def _day_words(rhythm: Rhythm) -> str:
    if rhythm.counted_in is CountedIn.WORKING_DAYS:
        if rhythm.number == LAST:
            return _("the last working day")
        return _("working day %(n)s") % {"n": rhythm.number}
    if rhythm.number == LAST:
        return _("the last day")
    return _("day %(n)s") % {"n": rhythm.number}


def day_words(day: date) -> str:
    """A day: "1 December 2026"."""
    return date_format(day, _("j F Y"))


def moment_words(moment: datetime) -> str:
    """A moment with its day of the week: "Tuesday 1 December 9:00"."""
    return date_format(timezone.localtime(moment), _("l j F Y, H:i"))
