"""What alarms say: in a headline, a sentence, and on the definition card."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gloed.analysis import words
from gloed.analysis.definitions import Definition, formula_of
from gloed.analysis.filters import active_filters
from gloed.analysis.measures import Kind, Measure
from gloed.analysis.monitors import rules
from gloed.analysis.monitors.models import Alarm, Monitor
from gloed.analysis.monitors.queries import Reading, State, asked_of, score_of
from gloed.surveys.rules import SCALES, Metric

STATES = {
    State.WATCHING: gettext_lazy("watching"),
    State.LEARNING: gettext_lazy("learning what is usual"),
    State.RESTING: gettext_lazy("resting after an alarm"),
    State.PAUSED: gettext_lazy("paused"),
    State.GONE: gettext_lazy("nothing to watch"),
    State.ROUGH: gettext_lazy("silent: its theme is rough"),
}
PROMISES = {
    26: gettext_lazy("once in half a year"),
    52: gettext_lazy("once a year"),
    104: gettext_lazy("once in two years"),
    260: gettext_lazy("once in five years"),
}
WEEKS = {
    13: gettext_lazy("the last 13 weeks"),
    26: gettext_lazy("the last half year"),
    52: gettext_lazy("the last year"),
}


def headline_of(alarm: Alarm) -> str:
    """ "NPS fell: Bills in the east"."""
    facts = {"label": label_of(alarm), "name": alarm.monitor.name}
    if alarm.is_up:
        return _("%(label)s rose: %(name)s") % facts
    return _("%(label)s fell: %(name)s") % facts


def sentence_of(alarm: Alarm) -> str:
    """What was seen, with what would still have been chance."""
    kind = Kind(alarm.unit)
    facts = {
        "label": label_of(alarm),
        "value": _read(alarm.value, kind),
        "low": _read(alarm.low, kind),
        "high": _read(alarm.high, kind),
        "aim": _read(alarm.aim, kind),
        "begins": words.day(alarm.begins_on),
    }
    if alarm.monitor.kind == Monitor.Kind.RUNNING:
        return (
            _("Since %(begins)s %(label)s is %(value)s (%(low)s to %(high)s); the level you set is "
              "%(aim)s.") % facts
        )  # fmt: skip
    return (
        _("From about %(begins)s on %(label)s went to %(value)s, smoothed over the weeks. Usual is "
          "%(aim)s; from %(low)s to %(high)s it could have been chance.") % facts
    )  # fmt: skip


def _read(value: float, kind: Kind) -> str:
    """A score as read; of a mean one decimal more, as limits lie close together."""
    return words.score(value, kind, detail=kind is Kind.MEAN)


def label_of(alarm: Alarm) -> str:
    """What the score is called: NPS, CSAT and so on."""
    metric = Metric(alarm.metric)
    return Measure(metric, SCALES[metric][0], Kind(alarm.unit)).label


def promise_words(weeks: int, monitors: int) -> str:
    """How often all weekly monitors together ring for nothing."""
    often = {"often": str(PROMISES.get(weeks, PROMISES[rules.USUAL_PROMISE])), "n": monitors}
    if monitors < 2:
        return _("An alarm for nothing comes about %(often)s.") % often
    return _("All %(n)s together ring for nothing about %(often)s.") % often


def state_words(reading: Reading, monitor: Monitor) -> str:
    """What a monitor is doing, in a sentence."""
    if reading.state is State.RESTING:
        return _("It rang lately and looks again from %(day)s on.") % {
            "day": words.day(monitor.run_from)
        }
    if reading.state is State.LEARNING:
        least = rules.LEAST_USUAL
        text = ngettext(
            "It is learning what is usual: %(n)s answer of the %(least)s it needs so far.",
            "It is learning what is usual: %(n)s answers of the %(least)s it needs so far.",
            round(reading.usual.n),
        )
        return text % {"n": words.number(reading.usual.n), "least": least}
    if reading.state is State.PAUSED:
        return _("It is paused and does not look.")
    if reading.state is State.GONE:
        return _("What it watches is not there any more, or nobody answers it.")
    if reading.state is State.ROUGH:
        return _("It is silent while people and machine disagree too often on its theme.")
    if not reading.spans:
        return _("It watches; there are too few answers yet to say anything.")
    return _("It watches. So far everything lies within what chance does.")


def rule_words(monitor: Monitor, promise: int, monitors: int) -> str:
    """When a monitor rings, and how often for nothing."""
    if monitor.kind == Monitor.Kind.RUNNING:
        return _("Rings when the score since the start differs from the level set. It may be "
                 "looked at after every answer: with at most 1 in 20 it ever rings for "
                 "nothing.")  # fmt: skip
    return " ".join(
        (
            _("Rings when the smoothed weekly score leaves what the usual weeks allow."),
            promise_words(promise, monitors),
        )
    )


def filters_of(monitor: Monitor, names: dict[str, str], metric: Metric) -> list[str]:
    """The filters of a monitor in words."""
    return [text for text, _url in active_filters(asked_of(monitor), metric=metric, names=names)]


def definition_of(
    monitor: Monitor, reading: Reading, *, label: str, filters: list[str], promise: int, many: int
) -> Definition:
    """What exactly is watched, and by which rule."""
    rows = [
        (_("Answers of"), label),
        (_("Filters"), ", ".join(filters) or _("none")),
        (_("Which answers"), _("every answer; who answered twice counts twice")),
    ]
    measure = reading.measure
    if monitor.kind == Monitor.Kind.WEEKLY:
        window = words.window_words(monitor.usual_from, monitor.usual_until)
        rows += [
            (_("Usual weeks"), f"{window}, {words.answers(reading.usual.n)}"),
            (_("Weeks"), _("Monday to Sunday; weeks with too few people count with the next")),
            (
                _("Rule"),
                _("EWMA, smoothing 0.2; the limits count the error of the usual level"),
            ),
            (_("False alarms"), promise_words(promise, many)),
        ]
    else:
        aim = words.score(monitor.aim, measure.kind) if measure and monitor.aim is not None else ""
        rows += [
            (_("Level set"), aim),
            (_("Rule"), _("95% interval that holds however often one looks (Robbins’ mixture)")),
            (_("False alarms"), _("at most 1 in 20, ever, in a run")),
        ]
    rows.append((_("This run"), words.window_words(monitor.run_from, None)))
    return Definition(rows, formula_of(measure) if measure else "")


def usual_score(reading: Reading) -> str:
    """The usual level as a score; empty where it is not known."""
    if reading.measure is None or not reading.usual.n:
        return ""
    usual = reading.usual
    points = 100 * (usual.promoters - usual.detractors) / usual.n
    return words.score(score_of(points, reading.measure), reading.measure.kind)
