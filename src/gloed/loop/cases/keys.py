"""The keys of the pages of cases, and what each of them does: the list people read is this one."""

from django.utils.translation import gettext_lazy as _

LIST_KEYS = (
    ("j", _("the next case")),
    ("k", _("the case before")),
    ("Enter", _("open it")),
    ("c", _("open it and write down a call")),
)
CARD_KEYS = (
    ("c", _("write down a call")),
    ("r", _("reply")),
    ("n", _("a note")),
    ("t", _("a task")),
    ("w", _("cause, what was done, what was told")),
    ("1 – 5", _("a gesture")),
    ("x", _("close the case")),
    ("u", _("back to the list")),
)
