"""The look of a survey: one colour, and a logo."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from gloed.surveys.colours import read_colour
from gloed.surveys.logos import BYTES_LIMIT, CannotUse, Logo, Trouble, read_logo

TROUBLES = {
    Trouble.TOO_HEAVY: _("This file is larger than 2 MB. Save the logo smaller and try again."),
    Trouble.TOO_LARGE: _("This picture has too many pixels; 1,000 wide is ample for a logo."),
    Trouble.NOT_A_PICTURE: _(
        "This is not a picture we can use. A PNG, JPEG or WebP file works; an SVG does not, "
        "because such a file can hold a program."
    ),
}


class LookForm(forms.Form):
    """A colour and a logo; what is left empty is not used."""

    accent = forms.CharField(
        label=_("Colour"),
        max_length=7,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "#b3410e", "autocomplete": "off"}),
        help_text=_("As a web colour, such as #0a6b5d. Empty: ink on paper."),
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_("PNG, JPEG or WebP, up to 2 MB. It is shown at most 240 by 80 pixels."),
    )
    logo_text = forms.CharField(
        label=_("What the logo says"),
        max_length=120,
        required=False,
        help_text=_("Read aloud to who cannot see it. Empty: the name of your organisation."),
    )
    is_logo_removed = forms.BooleanField(label=_("Take the logo away"), required=False)

    def clean_accent(self) -> str:
        """The colour as "#rrggbb", or nothing."""
        text: str = self.cleaned_data["accent"]
        colour = read_colour(text)
        if text.strip() and not colour:
            raise forms.ValidationError(_("Write a colour as # and six digits or letters a to f."))
        return colour

    def clean_logo(self) -> Logo | None:
        """The logo, decoded and made small."""
        upload: UploadedFile[Any] | None = self.cleaned_data["logo"]
        if upload is None:
            return None
        if (upload.size or 0) > BYTES_LIMIT:
            raise forms.ValidationError(TROUBLES[Trouble.TOO_HEAVY])
        try:
            return read_logo(upload.read())
        except CannotUse as refusal:
            raise forms.ValidationError(TROUBLES[refusal.trouble]) from refusal
