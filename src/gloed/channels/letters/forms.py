"""Where answers come in: the mailbox of an organisation."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from gloed.channels.letters.models import Mailbox

if TYPE_CHECKING:
    _MailboxForm = forms.ModelForm[Mailbox]
else:  # Django's class takes no parameter when it runs
    _MailboxForm = forms.ModelForm


class MailboxForm(_MailboxForm):
    """The address, and how its mail is fetched; the password is never shown again."""

    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=False),
        help_text=_("Kept sealed and never shown again. Empty: the one that was kept stays."),
    )

    class Meta:
        model = Mailbox
        fields = ("address", "sender_name", "has_plus", "way", "host", "port", "user", "folder")
        widgets = {
            "address": forms.EmailInput(attrs={"autocomplete": "off"}),
            "way": forms.RadioSelect,
            "user": forms.TextInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "address": _("Such as service@example.org: answers to letters come in here."),
            "sender_name": _("Empty: the name of the organisation."),
            "has_plus": _(
                "Then each answer finds its case by the address alone. Without it the mail program "
                "of the customer has to keep the thread, as nearly all do."
            ),
            "host": _("Such as imap.example.org; the connection is always encrypted."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = Mailbox.Way.choices  # type: ignore[attr-defined]  # no blank
        self.fields["way"].label = _("How answers come in")
        self.fields["port"].required = self.fields["folder"].required = False
        chosen = self.data.get("way") if self.is_bound else self.instance.way
        is_fetched = chosen == Mailbox.Way.IMAP
        self.fields["host"].required = self.fields["user"].required = is_fetched
        self.fields["password"].required = is_fetched and not self.instance.sealed_password

    def clean_address(self) -> str:
        """An address that letters can name."""
        address: str = self.cleaned_data["address"].strip()
        validate_email(address)
        if "+" in address:
            raise forms.ValidationError(_("Write the address without a plus."))
        return address

    def clean(self) -> dict[str, Any]:
        """The usual port and folder where none were written."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["port"] = data.get("port") or 993
        data["folder"] = (data.get("folder") or "INBOX").strip()
        if any(sign in data["folder"] for sign in "\r\n") or not data["folder"].isascii():
            self.add_error("folder", _("Write the folder as the server names it."))
        return data
