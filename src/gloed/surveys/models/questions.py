"""What a version asks, and in which words."""

from typing import ClassVar

from django.db import models

from gloed.surveys.models.surveys import SurveyVersion
from gloed.surveys.rules import Presentation, Scale


class Question(models.Model):
    """A question of a version: the rating (its kind is the metric), the open one, or a further one.

    `key` names a further question over versions; `metric` makes a further rating a second score.
    """

    class Kind(models.TextChoices):
        NPS = "nps"
        CSAT = "csat"
        CES = "ces"
        ENPS = "enps"
        STARS = "stars"
        THUMBS = "thumbs"
        OPEN = "open"
        RATING = "rating"
        SINGLE = "single"
        MULTIPLE = "multiple"
        CONSENT = "consent"
        CONTACT = "contact"

    UNRATED = (Kind.OPEN, Kind.SINGLE, Kind.MULTIPLE, Kind.CONSENT, Kind.CONTACT)

    version = models.ForeignKey(SurveyVersion, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.CharField(max_length=24, blank=True)
    scale_minimum = models.SmallIntegerField(null=True)
    scale_maximum = models.SmallIntegerField(null=True)
    high_is_good = models.BooleanField(default=True)
    metric = models.CharField(max_length=12, blank=True)
    presentation = models.CharField(max_length=8, default=Presentation.NUMBERS.value)
    has_other = models.BooleanField(default=False)
    is_shuffled = models.BooleanField(default=False)
    most = models.PositiveSmallIntegerField(default=0)  # options one may choose; 0: any number
    purpose = models.CharField(max_length=12, blank=True)  # of a consent
    contact_fields = models.JSONField(default=list)
    show_if = models.JSONField(default=dict)  # `rules.as_stored`; empty: always
    starts_page = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "position"], name="question_position_once")
        ]

    @property
    def is_rating(self) -> bool:
        """Whether it is answered with a number."""
        return self.kind not in self.UNRATED

    @property
    def scale(self) -> Scale:
        """The scale of a rating question; raises ValueError for another one."""
        if self.scale_minimum is None or self.scale_maximum is None:
            raise ValueError("only a rating question has a scale")
        return Scale(self.scale_minimum, self.scale_maximum, self.high_is_good)


class Option(models.Model):
    """An option of a choice question; `key` is what answers hold."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=24)
    is_fixed = models.BooleanField(default=False)  # keeps its place in random order

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["question", "key"], name="option_key_once")
        ]


class OptionWording(models.Model):
    """The words of an option in one language."""

    option = models.ForeignKey(Option, models.CASCADE, related_name="wordings")
    language = models.CharField(max_length=8)
    text = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["option", "language"], name="option_wording_once")
        ]


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
    hint = models.CharField(max_length=400, blank=True)
    other = models.CharField(max_length=120, blank=True)  # of "other, namely …"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["question", "language", "band"], name="wording_once_per_language"
            )
        ]


class ThanksWording(models.Model):
    """What a version says at the end in one language, for everybody ("") or for one band."""

    version = models.ForeignKey(SurveyVersion, models.CASCADE, related_name="thanks_wordings")
    language = models.CharField(max_length=8)
    band = models.CharField(max_length=12, blank=True)
    text = models.CharField(max_length=800, blank=True)
    link = models.CharField(max_length=400, blank=True)
    link_label = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "language", "band"], name="thanks_once")
        ]
