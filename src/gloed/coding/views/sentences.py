"""Why an edit of the codebook cannot be made, in words."""

from django.utils.translation import gettext as _

from gloed.coding.rules.editing import EditRefused, Refused


def sentence_of(refused: EditRefused) -> str:
    """What happened and what was kept, with what the file form says of it."""
    sentences = {
        Refused.GONE: _("Nothing was changed: that theme is no longer there."),
        Refused.SAME: _("Nothing was changed: choose another theme to merge it into."),
        Refused.NO_NAME: _("Nothing was changed: give it a name in one language."),
        Refused.NO_SEEDS: _("Nothing was changed: choose the words that move."),
        Refused.OWN_PARENT: _("Nothing was changed: a theme cannot stand beneath itself."),
        Refused.BAD_FORM: _("Nothing was changed: these words cannot be used as they stand."),
    }
    return " ".join([sentences[refused.reason], *refused.problems[:3]])
