"""What stands out about improvements, in words."""

from django.utils.translation import gettext_lazy as _

from gloed.loop.improvements.rules import Sign

SIGNS = {
    Sign.OVERDUE: _("Overdue"),
    Sign.STEP_OVERDUE: _("A step is overdue"),
    Sign.OWNERLESS: _("Nobody owns it"),
    Sign.NO_DATE: _("No end date"),
    Sign.NO_GOAL: _("Serves no goal"),
}
LOUD = (Sign.OVERDUE, Sign.STEP_OVERDUE, Sign.OWNERLESS)
"""What stands out on a card; the rest is told where one looks closer."""
