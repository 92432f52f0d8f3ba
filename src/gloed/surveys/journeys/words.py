"""Journeys in words: what the audit trail says, and how a line is read."""

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "journey.added": _("added a journey"),
    "journey.renamed": _("renamed a journey"),
    "journey.removed": _("removed a journey"),
    "journey.restored": _("brought a journey back"),
    "phase.added": _("added a phase"),
    "phase.renamed": _("renamed a phase"),
    "phase.moved": _("moved a phase"),
    "phase.removed": _("removed a phase"),
    "phase.restored": _("brought a phase back"),
    "touchpoint.added": _("added a touchpoint"),
    "touchpoint.changed": _("changed a touchpoint"),
    "touchpoint.moved": _("moved a touchpoint"),
    "touchpoint.removed": _("removed a touchpoint"),
    "touchpoint.restored": _("brought a touchpoint back"),
}


def number_words(line: float) -> str:
    """A line in the reader's notation, with a true minus: −5, 5.5, in Dutch 5,5."""
    places = 0 if line == round(line) else 1
    text = str(number_format(abs(line), decimal_pos=places))
    return f"\u2212{text}" if line < 0 else text
