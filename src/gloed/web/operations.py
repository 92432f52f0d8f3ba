"""What a colleague changes about the shell itself."""

from gloed.base.models import Staff


def choose_look(staff: Staff, *, language: str | None = None, theme: str | None = None) -> None:
    """Keep the language and the theme a colleague chose; None leaves what was chosen before."""
    fields = []
    if language is not None:
        staff.language = language
        fields.append("language")
    if theme is not None:
        staff.theme = theme
        fields.append("theme")
    if fields:
        staff.save(update_fields=fields)
