"""The steps in words: what each counts, and what is stuck there."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gloed.loop.leaks.rules import Energy, Step


@dataclass(frozen=True, slots=True)
class StepWords:
    """A step's name, what its number counts, and what waits there."""

    name: str | Promise
    through: str | Promise
    waiting: str | Promise


STEPS: dict[Step, StepWords] = {
    Step.ASKED: StepWords(
        pgettext_lazy("step", "Asked"), _("asks that were sent"), _("asks that were not sent (yet)")
    ),
    Step.DELIVERED: StepWords(
        pgettext_lazy("step", "Delivered"),
        _("asks that did not come back"),
        _("asks that came back or failed"),
    ),
    Step.ANSWERED: StepWords(
        pgettext_lazy("step", "Answered"), _("asks that were answered"), _("asks without an answer")
    ),
    Step.READ: StepWords(
        pgettext_lazy("step", "Read"),
        _("answers that somebody opened"),
        _("answers that nobody opened"),
    ),
    Step.CASE: StepWords(
        pgettext_lazy("step", "Case"),
        _("answers that became a case"),
        _("low answers without a case"),
    ),
    Step.CONTACTED: StepWords(
        pgettext_lazy("step", "Contacted"),
        _("cases whose customer heard from us"),
        _("cases whose customer heard nothing"),
    ),
    Step.CAUSE: StepWords(
        pgettext_lazy("step", "Cause"),
        _("cases whose cause was named"),
        _("cases without a named cause"),
    ),
    Step.IMPROVEMENT: StepWords(
        pgettext_lazy("step", "Improvement"),
        _("cases that an improvement rests on"),
        _("cases that no improvement rests on"),
    ),
    Step.DONE: StepWords(
        pgettext_lazy("step", "Done"),
        _("cases whose improvement is finished"),
        _("cases whose improvement is not"),
    ),
    Step.TOLD: StepWords(
        pgettext_lazy("step", "Told"),
        _("cases whose customer was told"),
        _("cases whose customer was not told"),
    ),
    Step.AGAIN: StepWords(
        pgettext_lazy("step", "Asked again"),
        _("cases whose customer was asked again"),
        _("cases whose customer was not asked again"),
    ),
}
ENERGY: dict[Energy, tuple[str | Promise, str | Promise]] = {
    Energy.UNHANDLED: (
        _("Cases that nobody took up"),
        _("Open, and the customer has not heard from us."),
    ),
    Energy.NO_ROOM: (
        _("No room to solve it"),
        _("Somebody knew what would help and was not allowed to do it."),
    ),
    Energy.GOALLESS: (
        _("Improvements without a goal"),
        _("Work that serves no aim of the organisation drains those who do it."),
    ),
}
BANDS = (_("under a day"), _("1 to 2 days"), _("3 to 6 days"), _("a week and more"))
