"""The respondent's page, and colleagues' preview of it."""

from gloed.channels.link.views.answer import answer_page
from gloed.channels.link.views.preview import preview

__all__ = ["answer_page", "preview"]
