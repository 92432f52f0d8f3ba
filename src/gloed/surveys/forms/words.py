"""What stands in the editor now, for the preview of words that were not kept yet."""

from django.http import QueryDict

from gloed.surveys import queries
from gloed.surveys.forms.written import read_content
from gloed.surveys.models import Survey
from gloed.surveys.rules import Content


def read_words(posted: QueryDict, survey: Survey) -> Content | None:
    """The content of the editor's form, complete or not; None where it holds no words."""
    if "order_is_here" not in posted:
        return None
    return read_content(posted, present_content(survey)).content


def present_content(survey: Survey) -> Content:
    """What is being written: the draft, else what is asked now."""
    version = queries.find_draft(survey) or survey.current or survey.versions.latest("number")
    return queries.content_of(queries.read_version(version))
