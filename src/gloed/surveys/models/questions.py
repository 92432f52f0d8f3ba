"""What a version asks, and in which words."""

from typing import ClassVar

from django.db import models

from gloed.surveys.models.surveys import SurveyVersion
from gloed.surveys.rules import Scale


class Question(models.Model):
    """A question of a version: the rating (its kind is the metric) or the open question."""

    class Kind(models.TextChoices):
        NPS = "nps"
        CSAT = "csat"
        CES = "ces"
        ENPS = "enps"
        STARS = "stars"
        THUMBS = "thumbs"
        OPEN = "open"

    version = models.ForeignKey(SurveyVersion, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    scale_minimum = models.SmallIntegerField(null=True)
    scale_maximum = models.SmallIntegerField(null=True)
    high_is_good = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "position"], name="question_position_once")
        ]

    @property
    def is_rating(self) -> bool:
        """Whether it is answered with a number."""
        return self.kind != self.Kind.OPEN

    @property
    def scale(self) -> Scale:
        """The scale of a rating question; raises ValueError for an open one."""
        if self.scale_minimum is None or self.scale_maximum is None:
            raise ValueError("an open question has no scale")
        return Scale(self.scale_minimum, self.scale_maximum, self.high_is_good)


class Wording(models.Model):
    """The words of a question in one language.

    An open question may have other words per band of the rating ("for" is empty for everybody).
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="wordings")
    language = models.CharField(max_length=8)
    band = models.CharField(max_length=12, blank=True)
    text = models.CharField(max_length=400)
    low_label = models.CharField(max_length=80, blank=True)
    high_label = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["question", "language", "band"], name="wording_once_per_language"
            )
        ]
