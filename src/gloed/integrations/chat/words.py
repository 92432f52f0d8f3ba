"""News as somebody would say it in a chat: a headline, a line or two, and where to look."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gloed.integrations.chat.rules import harmless
from gloed.integrations.webhooks.rules import News, Told
from gloed.surveys.models import Survey
from gloed.text import masking

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """One message."""

    title: str
    text: str

    @property
    def whole(self) -> str:
        """Everything in one text."""
        return f"{self.title}\n{self.text}".strip()


def say(told: Told) -> Said:
    """The message in the language that is on now."""
    title, lines = _SPEAKERS.get(told.news, _other)(told.data)
    page = str(told.data.get("page", ""))
    return Said(title, "\n".join(line for line in (*lines, page) if line))


def _answer(data: Data) -> tuple[str, list[str]]:
    survey = _survey(data)
    group = {
        "detractor": _("A detractor answered"),
        "passive": _("A passive answered"),
        "promoter": _("A promoter answered"),
    }.get(str(data.get("group")), _("Somebody answered"))
    title = f"{group}: {data.get('rating')}" if data.get("rating") is not None else group
    person = data.get("person")
    who = harmless(str(person.get("name") or person.get("email"))) if person else ""
    about = [harmless(str(data.get(part) or "")) for part in ("touchpoint", "team")]
    words = str(data.get("text") or "")
    if not person:
        words = masking.mask(words).text
    return (
        title,
        [
            " · ".join(part for part in (survey, *about, who) if part),
            f"“{harmless(words)}”" if words else "",
        ],
    )


def _changed(data: Data) -> tuple[str, list[str]]:
    _title, lines = _answer(data)
    return _("An answer changed: %(rating)s") % {"rating": data.get("rating")}, lines


def _withdrawn(data: Data) -> tuple[str, list[str]]:
    return _("An answer was withdrawn"), [_survey(data)]


def _sent(data: Data) -> tuple[str, list[str]]:
    return _("An invitation was sent"), [_survey(data)]


def _bounced(data: Data) -> tuple[str, list[str]]:
    return _("An invitation could not be delivered"), [_survey(data)]


def _left(_data: Data) -> tuple[str, list[str]]:
    return _("Somebody wants no more surveys"), []


def _erased(_data: Data) -> tuple[str, list[str]]:
    return _("Somebody was erased on request"), []


def _imported(data: Data) -> tuple[str, list[str]]:
    count = int(data.get("imported") or 0)
    line = ngettext("%(n)s answer is in", "%(n)s answers are in", count) % {
        "n": number_format(count, force_grouping=True)
    }
    return _("An import is done: %(file)s") % {"file": harmless(str(data.get("file", "")))}, [line]


def _alarm(data: Data) -> tuple[str, list[str]]:
    rises = bool(data.get("is_up"))
    said = _("%(label)s went up: %(name)s") if rises else _("%(label)s went down: %(name)s")
    words = {"label": data.get("label", ""), "name": harmless(str(data.get("name", "")))}
    number, low, high, aim = (_score(data, part) for part in ("value", "low", "high", "aim"))
    line = _("%(value)s (%(low)s to %(high)s), where %(aim)s is usual; %(n)s answers") % {
        "value": number,
        "low": low,
        "high": high,
        "aim": aim,
        "n": number_format(int(data.get("n") or 0), force_grouping=True),
    }
    return said % words, [line]


def _opened(data: Data) -> tuple[str, list[str]]:
    return _("Case #%(number)s is opened") % {"number": data.get("number")}, [_place(data)]


def _overdue(data: Data) -> tuple[str, list[str]]:
    return _("Case #%(number)s is overdue") % {"number": data.get("number")}, [_place(data)]


def _closed(data: Data) -> tuple[str, list[str]]:
    return _("Case #%(number)s is closed") % {"number": data.get("number")}, [_place(data)]


def _place(data: Data) -> str:
    person = data.get("person")
    who = str(person.get("name") or person.get("email")) if person else ""
    parts = (data.get("touchpoint"), data.get("team"), data.get("owner"), who)
    return " · ".join(harmless(str(part)) for part in parts if part)


def _score(data: Data, name: str) -> str:
    value = data.get(name)
    if value is None:
        return "–"
    if data.get("unit") == "share":
        return f"{number_format(100 * float(value), 0)}%"
    return number_format(float(value), 1 if data.get("unit") == "mean" else 0).replace("-", "−")


def _other(data: Data) -> tuple[str, list[str]]:
    return str(data.get("headline") or _("News from Gloed")), [harmless(str(data.get("line", "")))]


def _survey(data: Data) -> str:
    key = str(data.get("survey") or "").removeprefix("srv_")
    found = Survey.objects.filter(public_id=key) if len(key) == 32 else Survey.objects.none()
    return harmless(found.values_list("title", flat=True).first() or "")


_SPEAKERS: dict[str, Callable[[Data], tuple[str, list[str]]]] = {
    News.RESPONSE_CREATED: _answer,
    News.RESPONSE_UPDATED: _changed,
    News.RESPONSE_DELETED: _withdrawn,
    News.INVITATION_SENT: _sent,
    News.INVITATION_BOUNCED: _bounced,
    News.PERSON_UNSUBSCRIBED: _left,
    News.PERSON_ERASED: _erased,
    News.CASE_OPENED: _opened,
    News.CASE_OVERDUE: _overdue,
    News.CASE_CLOSED: _closed,
    News.IMPORT_FINISHED: _imported,
    News.ALERT_RAISED: _alarm,
}
