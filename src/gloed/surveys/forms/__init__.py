"""The forms of surveys: starting one, writing what it asks, and giving it a look."""

from gloed.surveys.forms.looks import LookForm
from gloed.surveys.forms.own import OwnWordingForm
from gloed.surveys.forms.starting import StartForm
from gloed.surveys.forms.words import read_words
from gloed.surveys.forms.written import read_content, scale_name

__all__ = [
    "LookForm",
    "OwnWordingForm",
    "StartForm",
    "read_content",
    "read_words",
    "scale_name",
]
