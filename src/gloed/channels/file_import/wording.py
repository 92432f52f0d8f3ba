"""The codes of this room in words of the reader's language."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext_lazy

from gloed.channels.file_import.models import Import
from gloed.channels.file_import.reading import Metric, Target
from gloed.channels.file_import.rules import family_of, metric_word
from gloed.responses.rules import Reason

Words = str | Promise

TOOLS: dict[str, Words] = {
    "asknicely": "AskNicely",
    "delighted": "Delighted",
    "excel": "Excel",
    "formbricks": "Formbricks",
    "generic": gettext_lazy("a table of no known tool"),
    "google_forms": "Google Forms",
    "hubspot": "HubSpot",
    "limesurvey": "LimeSurvey",
    "parquet": "Parquet",
    "qualtrics": "Qualtrics",
    "retently": "Retently",
    "spss": "SPSS",
    "surveymonkey": "SurveyMonkey",
    "trustpilot": "Trustpilot",
    "typeform": "Typeform",
    "zendesk": "Zendesk",
}
METRICS: dict[str, Words] = {
    Metric.NPS.value: gettext_lazy("NPS: would recommend"),
    Metric.CSAT.value: gettext_lazy("CSAT: satisfaction"),
    Metric.CES.value: gettext_lazy("CES: ease"),
    Metric.ENPS.value: gettext_lazy("eNPS: as an employer"),
    Metric.STARS.value: gettext_lazy("stars"),
    Metric.THUMBS.value: gettext_lazy("thumbs up or down"),
}
TARGETS: dict[str, Words] = {
    Target.COMMENT.value: gettext_lazy("comment"),
    Target.TIME.value: gettext_lazy("time of the answer"),
    Target.STARTED.value: gettext_lazy("time it was begun"),
    Target.RESPONSE_ID.value: gettext_lazy("number of the answer"),
    Target.EXTERNAL_ID.value: gettext_lazy("customer number"),
    Target.NAME.value: gettext_lazy("name"),
    Target.FIRST_NAME.value: gettext_lazy("first name"),
    Target.LAST_NAME.value: gettext_lazy("last name"),
    Target.EMAIL.value: gettext_lazy("e-mail address"),
    Target.PHONE.value: gettext_lazy("telephone"),
    Target.SURVEY.value: gettext_lazy("survey"),
    Target.TOUCHPOINT.value: gettext_lazy("touchpoint"),
    Target.LANGUAGE.value: gettext_lazy("language"),
    Target.CHANNEL.value: gettext_lazy("channel"),
    Target.DEVICE.value: gettext_lazy("device"),
    Target.TAGS.value: gettext_lazy("tags"),
    Target.NOTES.value: gettext_lazy("notes"),
}
WHYS: dict[str, Words] = {
    "format": gettext_lazy("this tool always calls it so"),
    "words": gettext_lazy("by the words of its header"),
    "data": gettext_lazy("by what is in it"),
    "range": gettext_lazy("by its numbers"),
    "user": gettext_lazy("you chose it"),
    "position": gettext_lazy("by its place beside the score"),
    "rest": "",
    "private": gettext_lazy("left out: it tells where somebody was"),
}
SKIPS: dict[str, Words] = {
    "empty": gettext_lazy("no score and no comment"),
    "test": gettext_lazy("a test or preview, says the tool"),
    "duplicate": gettext_lazy("the same answer comes again further down"),
    "aside": gettext_lazy("only a score that no survey here asks"),
}
WARNINGS: dict[str, Words] = {
    "score_unreadable": gettext_lazy("the score is not a number; the text is kept"),
    "score_not_integer": gettext_lazy("the score is not a whole number; it does not count"),
    "score_out_of_range": gettext_lazy("the score lies outside the scale; it does not count"),
    "time_missing": gettext_lazy("there is no time; the answer counts without a date"),
    "time_unreadable": gettext_lazy("the time cannot be read; it is kept as text"),
    "time_ambiguous": gettext_lazy(
        "the time lies in the hour that the clock repeats in autumn; the first is taken"
    ),
    "date_only": gettext_lazy("there is a date but no time of day"),
}
REFUSED: dict[str, Words] = {
    Reason.OUT_OF_SCALE.value: gettext_lazy("the score lies outside the survey’s scale"),
    Reason.NOTHING_ANSWERED.value: gettext_lazy("nothing was answered"),
}
STATES: dict[str, Words] = {
    Import.State.UPLOADED: gettext_lazy("being read"),
    Import.State.UNDERSTOOD: gettext_lazy("waits for you"),
    Import.State.WAITING: gettext_lazy("starts soon"),
    Import.State.RUNNING: gettext_lazy("running"),
    Import.State.DONE: pgettext_lazy("state of an import", "in"),
    Import.State.REMOVING: gettext_lazy("being taken back"),
    Import.State.REFUSED: gettext_lazy("could not be read"),
    Import.State.UNDONE: gettext_lazy("taken back"),
    Import.State.CANCELLED: gettext_lazy("stopped"),
}
ORDERS: dict[str, Words] = {
    "day_first": gettext_lazy("the day first (31-12)"),
    "month_first": gettext_lazy("the month first (12/31)"),
}
REMARKS: dict[str, Words] = {
    "timezone": gettext_lazy(
        "In which time zone are the times of {column}? The file does not say."
    ),
    "date_order": gettext_lazy(
        "Does {column} write the day or the month first? Nothing in the file decides it."
    ),
    "scale": gettext_lazy("Is {column} on a scale from {low} to {high}?"),
    "metric": gettext_lazy(
        "What does the column {column} measure? Choose it in the list of columns."
    ),
    "score_column": gettext_lazy(
        "Which column holds the score? None was recognised by its name. Choose it in the list of"
        " columns."
    ),
    "structure": gettext_lazy(
        "The answers of {columns} are codes. Add the survey’s structure (.lss) so that they can be"
        " read."
    ),
    "sheet_chosen": gettext_lazy("The sheet {sheet} was read; not read: {others}."),
    "csat_classic": gettext_lazy(
        "Satisfaction is on HubSpot’s scale from 0 (unhappy) to 2 (happy) in: {surveys}."
    ),
    "metric_assumed": gettext_lazy(
        "The column {column} is taken for {metric} on a scale from {low} to {high}, judging by its"
        " numbers. Choose another metric if it is not."
    ),
    "rounded_ids": gettext_lazy(
        "A spreadsheet has rounded the numbers of the answers (1.18E+11), so they do not tell"
        " answers apart. Whole rows are compared instead."
    ),
    "groups_disagree": gettext_lazy(
        "In {rows} of the first rows the file’s own group does not fit the number in {column}."
        " Groups are worked out from the numbers."
    ),
    "private_left_out": gettext_lazy("Left out, because they tell where somebody was: {columns}."),
}


def tool_name(file_format: str) -> str:
    """The tool and the kind of file ("Delighted (JSON)")."""
    family = family_of(file_format)
    name = str(TOOLS.get(family, family))
    kind = file_format.removeprefix(family).strip("_").upper()
    return f"{name} ({kind})" if kind and kind != "SAV" else name


def remark_words(remark: Mapping[str, Any]) -> str:
    """A question or a note of the readers; their own English where we know no better."""
    words = REMARKS.get(remark["code"])
    if words is None:
        return str(remark["message"])
    filled = {key: str(value) for key, value in remark["parameters"].items()}
    if "metric" in filled:
        filled["metric"] = metric_word(filled["metric"])
    try:
        return str(words).format(**filled)
    except (KeyError, IndexError):  # a parameter that our sentence expects is not there
        return str(remark["message"])


def target_words(target: str | None) -> str:
    """What a column is taken for."""
    if target is None:
        return gettext("kept as it is")
    if target == "score":
        return gettext("score, of several metrics")
    return str(METRICS.get(target) or TARGETS.get(target) or target)


def skip_words(reason: str) -> str:
    """Why a row is left out."""
    return str(SKIPS.get(reason, reason))


def refused_words(reason: str) -> str:
    """Why an answer was not taken by its survey."""
    return str(REFUSED.get(reason, gettext("it does not fit the survey")))


def left_words(left: timedelta) -> str:
    """How long it still takes, and that nobody has to wait for it."""
    minutes = round(left.total_seconds() / 60)
    if minutes < 1:
        return gettext("Less than a minute to go. You can leave this page; the work goes on.")
    words = ngettext(
        "About %(n)s minute to go. You can leave this page; the work goes on.",
        "About %(n)s minutes to go. You can leave this page; the work goes on.",
        minutes,
    )
    return words % {"n": minutes}
