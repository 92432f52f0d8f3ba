"""What is asked: touchpoints, surveys, their frozen versions, questions and wordings."""

from gloed.surveys.models.journey import Touchpoint
from gloed.surveys.models.library import OwnWording
from gloed.surveys.models.look import Look
from gloed.surveys.models.questions import (
    Option,
    OptionWording,
    Question,
    ThanksWording,
    Wording,
)
from gloed.surveys.models.surveys import Survey, SurveyVersion, new_slug

__all__ = [
    "Look",
    "Option",
    "OptionWording",
    "OwnWording",
    "Question",
    "Survey",
    "SurveyVersion",
    "ThanksWording",
    "Touchpoint",
    "Wording",
    "new_slug",
]
