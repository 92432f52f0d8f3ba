"""What is asked: touchpoints, surveys, their frozen versions, questions and wordings."""

from gloed.surveys.models.journey import Touchpoint
from gloed.surveys.models.questions import (
    Option,
    OptionWording,
    Question,
    ThanksWording,
    Wording,
)
from gloed.surveys.models.surveys import Survey, SurveyVersion, new_slug

__all__ = [
    "Option",
    "OptionWording",
    "Question",
    "Survey",
    "SurveyVersion",
    "ThanksWording",
    "Touchpoint",
    "Wording",
    "new_slug",
]
