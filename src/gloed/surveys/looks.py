"""The look of surveys: what is shown of it, and changing it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from gloed.base import audit
from gloed.base.models import Organisation, Staff
from gloed.surveys.colours import Accent, accent_of
from gloed.surveys.logos import Logo
from gloed.surveys.models import Survey
from gloed.surveys.models.look import Look


@dataclass(frozen=True, slots=True)
class ShownLook:
    """What respondents see of a look. Sizes in CSS pixels; without a logo `logo_digest` is empty.

    `logo_text` stands in place of the picture: the organisation's name where nothing was written.
    """

    accent: Accent | None = None
    logo_digest: str = ""
    logo_type: str = ""
    logo_width: int = 0
    logo_height: int = 0
    logo_text: str = ""

    @property
    def logo_name(self) -> str:
        """The logo's file name in an address; empty without a logo."""
        ending = {"image/png": "png", "image/jpeg": "jpg"}.get(self.logo_type, "")
        return f"{self.logo_digest}.{ending}" if self.logo_digest and ending else ""

    @property
    def style(self) -> str:
        """What the colour adds to the respondent's page; empty where none was chosen.

        The button that sends, the links and a line at the top. Never the scale: a colour there
        would lead the answer.
        """
        if self.accent is None:
            return ""
        return (
            f":root{{--accent:{self.accent.by_day}}}"
            f"@media(prefers-color-scheme:dark){{:root{{--accent:{self.accent.by_night}}}}}"
            "body{border-top:4px solid var(--accent)}"
            ".send{border-color:var(--accent);background:var(--accent)}"
            ".send:hover{color:var(--accent)}"
            "a,.quiet-button{color:var(--accent)}"
        )


PLAIN = ShownLook()
_COLUMNS = ("accent", "logo_digest", "logo_type", "logo_width", "logo_height", "logo_text")


def look_of(survey_id: int, organisation_id: int, *, name: str = "") -> ShownLook:
    """What is shown: the survey's own look, and the organisation's where that leaves room.

    `name` is what the logo says where nobody wrote it down.
    """
    ours = Q(survey_id=survey_id) | Q(survey=None)
    found = Look.objects.filter(ours, organisation_id=organisation_id)
    rows = list(found.values_list("survey_id", *_COLUMNS))
    house = next((row[1:] for row in rows if row[0] is None), None)
    own = next((row[1:] for row in rows if row[0] == survey_id), None)
    return _together(own, house, name)


def look_of_all(organisation: Organisation) -> ShownLook:
    """What is shown in surveys without a look of their own."""
    house = Look.objects.filter(organisation=organisation, survey=None)
    return _together(None, house.values_list(*_COLUMNS).first(), organisation.name)


def _together(own: "_Row | None", house: "_Row | None", name: str) -> ShownLook:
    colours = [row[0] for row in (own, house) if row is not None and row[0]]
    logos = [row[1:] for row in (own, house) if row is not None and row[1]]
    accent = accent_of(colours[0]) if colours else None
    if not logos:
        return ShownLook(accent)
    digest, kind, width, height, text = logos[0]
    return ShownLook(accent, digest, kind, width, height, text or name)


_Row = tuple[str, str, str, int, int, str]


def find_look(organisation: Organisation, survey: Survey | None) -> Look:
    """The look of a survey (of all others without one) as written; a fresh one where none is."""
    found = Look.objects.filter(organisation=organisation, survey=survey).first()
    return found or Look(organisation=organisation, survey=survey)


@transaction.atomic
def change_look(
    organisation: Organisation,
    survey: Survey | None,
    *,
    accent: str,
    logo_text: str,
    logo: Logo | None = None,
    is_logo_removed: bool = False,
    by: Staff | None = None,
    now: datetime,
) -> Look:
    """Keep a colour ("#rrggbb", or empty for none) and a logo; without a new one the old stays."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)  # one at a time
    look = find_look(organisation, survey)
    look.accent, look.logo_text = accent, logo_text
    if logo is not None:
        look.logo, look.logo_type, look.logo_digest = logo.data, logo.content_type, logo.digest
        look.logo_width, look.logo_height = logo.width, logo.height
    elif is_logo_removed:
        look.logo, look.logo_type, look.logo_digest = None, "", ""
        look.logo_width = look.logo_height = 0
    look.save()
    if by is not None:
        subject = survey.title if survey else organisation.name
        audit.record(by, "survey.look_changed", subject, {}, organisation=organisation, at=now)
    return look


def find_logo(digest: str) -> tuple[bytes, str] | None:
    """The picture of that name and its content type, or nothing."""
    found = Look.objects.filter(logo_digest=digest).values_list("logo", "logo_type").first()
    if not digest or found is None or found[0] is None:
        return None
    return bytes(found[0]), found[1]
