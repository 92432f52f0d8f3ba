"""Writing the words of a survey's mail."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.channels.email.letters import Words
from gloed.channels.email.models import MailWords

if TYPE_CHECKING:
    _WordsForm = forms.ModelForm[MailWords]
else:  # Django's class takes no parameter when it runs
    _WordsForm = forms.ModelForm

LONG = ("opening", "closing", "reminder_opening")


class MailWordsForm(_WordsForm):
    """The words in one language; an empty field shows, and means, the usual ones."""

    class Meta:
        model = MailWords
        fields = (
            "sender_name",
            "reply_to",
            "subject",
            "preheader",
            "opening",
            "closing",
            "reminder_subject",
            "reminder_opening",
        )
        help_texts = {
            "sender_name": _("Whom people see as the sender."),
            "reply_to": _("Empty: to the address the mail comes from."),
            "preheader": _("What mail programs show behind the subject."),
        }

    def __init__(self, *args: Any, usual: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name, field in self.fields.items():
            field.widget.attrs["placeholder"] = getattr(usual, name)
            field.widget.attrs["class"] = "input"
            if name in LONG:
                field.widget.attrs["rows"] = 3
