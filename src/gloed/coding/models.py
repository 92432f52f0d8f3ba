"""The codebook with its versions, and what was found in the words of answers.

`Mention` and `CodedVerbatim` are derived and can be made anew from the record at any time; what a
person decided (`HumanCode`) is record, and no machine ever changes it.
"""

import uuid
from typing import ClassVar

from django.db import models

from gloed.base.models import Organisation, Staff
from gloed.responses.models import Answer, Response
from gloed.surveys.models import Survey


class Codebook(models.Model):
    """The one codebook of an organisation. `published` is the version that codes."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="codebook")
    languages = models.JSONField(default=list)  # in which it is edited, the first one first
    packs = models.JSONField(default=list)  # of those that come with Gloed
    published = models.ForeignKey("CodebookVersion", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()


class CodebookVersion(models.Model):
    """All themes at one time. Published versions never change; at most one is a draft.

    `content` is plain data of the form of the codebook files. `merged` says of themes that are
    gone into which one they went. `preview` is what publishing the draft would change, worked out
    for the content with `preview_digest`.
    """

    codebook = models.ForeignKey(Codebook, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField(default=dict)
    merged = models.JSONField(default=dict)
    digest = models.CharField(max_length=12)  # `gloed.text.Codebook.version`
    preview = models.JSONField(null=True)
    preview_digest = models.CharField(max_length=12, blank=True)
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["codebook", "number"], name="codebook_version_number_once"
            )
        ]


class DraftStep(models.Model):
    """What a draft was before an edit: the way back."""

    version = models.ForeignKey(CodebookVersion, models.CASCADE, related_name="steps")
    content = models.JSONField()
    merged = models.JSONField(default=dict)
    what = models.CharField(max_length=16)  # the kind of edit
    about = models.CharField(max_length=120, blank=True)  # the theme, by name
    at = models.DateTimeField()


class Theme(models.Model):
    """What stays of a theme over versions: its key. Names are those of the published version.

    A theme that is no longer in the codebook is kept (`is_live` is False): a person's codes point
    at it, and an earlier version may bring it back. `merged_into` says where it went.
    `terms` are words that tell it apart, worked out now and then.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="themes")
    key = models.CharField(max_length=64)
    position = models.PositiveIntegerField(default=0)
    names = models.JSONField(default=dict)
    definition = models.JSONField(default=dict)
    parent_key = models.CharField(max_length=64, blank=True)
    is_general = models.BooleanField(default=False)
    is_live = models.BooleanField(default=True)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    terms = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "key"], name="theme_key_once")
        ]

    def name_in(self, language: str) -> str:
        """The name in a language, else in English, else in any, else the key."""
        named = self.names.get(language) or self.names.get("en")
        return str(named or next(iter(self.names.values()), self.key))


class CodedVerbatim(models.Model):
    """One answer in words that was read, with what it is counted by.

    `said_at` is the response's `updated_at` as it was read: another value there means that it must
    be read again. `machine` are the keys of the themes that the machine found, whatever a person
    made of them. The answer and the response are not looked up by the database: they may go first,
    and what hangs on them here follows by the journal.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    answer = models.OneToOneField(
        Answer, models.DO_NOTHING, related_name="coded", db_constraint=False
    )
    response = models.ForeignKey(
        Response, models.DO_NOTHING, related_name="coded", db_constraint=False
    )
    survey = models.ForeignKey(
        Survey, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    team_id = models.BigIntegerField(null=True)
    day = models.DateField(null=True)  # of the answer, in the organisation's clock
    score_class = models.SmallIntegerField(null=True)  # -1 detractor, 0 passive, 1 promoter
    language = models.CharField(max_length=8)
    version = models.ForeignKey(
        CodebookVersion, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    reader = models.CharField(max_length=12, default="")  # which words and models
    machine = models.TextField(blank=True)  # keys with a space between
    said_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["organisation", "day", "survey", "score_class"], name="coded_by_day"
            )
        ]


class Mention(models.Model):
    """A theme of one answer in words: how it sounds, where it is said, and who found it.

    Both values are -1, 0 or 1: by the text alone, and with the score. `spans` is
    [[start, end, value], ...] in characters of the verbatim; empty where it is about the whole.
    What it is counted by stands here again, so that a page reads one table.
    """

    class Source(models.TextChoices):
        CODEBOOK = "codebook"
        MODEL = "model"
        LLM = "llm"
        PERSON = "person"

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    answer = models.ForeignKey(
        Answer, models.DO_NOTHING, related_name="mentions", db_constraint=False, db_index=False
    )
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="mentions", db_index=False)
    survey = models.ForeignKey(
        Survey, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    team_id = models.BigIntegerField(null=True)
    day = models.DateField(null=True)
    score_class = models.SmallIntegerField(null=True)
    polarity_text = models.SmallIntegerField()
    polarity_scored = models.SmallIntegerField()
    value = models.FloatField()  # by the text, from -1 to 1
    probability = models.FloatField()
    source = models.CharField(max_length=8, choices=Source.choices)
    spans = models.JSONField(default=list)
    version = models.ForeignKey(
        CodebookVersion, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["answer", "theme"], name="mention_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "theme", "day"], name="mention_by_theme")
        ]


class HumanCode(models.Model):
    """What a person decided: this answer in words speaks of a theme, or does not.

    `is_random` tells codes of the random sample from edits elsewhere: only the first are honest
    about how often the machine is right. Of both kinds one stands, and the later one counts.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    answer = models.ForeignKey(
        Answer, models.DO_NOTHING, related_name="human_codes", db_constraint=False
    )
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="human_codes")
    is_present = models.BooleanField()
    is_random = models.BooleanField(default=False)
    coder = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    coded_at = models.DateTimeField()
    version = models.ForeignKey(CodebookVersion, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["answer", "theme", "is_random"], name="human_code_once")
        ]


class Review(models.Model):
    """An answer in words of the random sample that a person has gone through.

    `machine` are the keys the machine had found then; themes without a `HumanCode` were not there.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    answer = models.OneToOneField(
        Answer, models.DO_NOTHING, related_name="review", db_constraint=False
    )
    machine = models.TextField(blank=True)
    reviewer = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    reviewed_at = models.DateTimeField()


class ChangedMonth(models.Model):
    """A UTC month in which the themes of some answers changed, until the journal tells it.

    Written with the codes, so that a job that is killed half-way forgets nothing.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    month = models.CharField(max_length=8)  # "2026-03", "undated"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "month"], name="changed_month_once")
        ]


class ThemeFigures(models.Model):
    """What the worker reckoned of all themes at once, for a survey (or all that ask the NPS) and
    so many days back (0: all time). `figures` is described in `operations.reckoning`.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    survey = models.ForeignKey(Survey, models.CASCADE, null=True, related_name="+")
    scope = models.CharField(max_length=32)  # key of the survey (0 for all) and days: "7:90"
    version = models.ForeignKey(CodebookVersion, models.CASCADE, related_name="+")
    figures = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "scope"], name="theme_figures_once")
        ]


class Suggestion(models.Model):
    """A subject that no theme covers, found among the answers; a person decides what becomes of it.

    `signature` are its strongest terms, by which it is known again when it is found once more.
    `quotes` are places in answers: [[answer, start, end, polarity], ...] in the masked text, so
    that no word outlives its answer.
    """

    class State(models.TextChoices):
        NEW = "new"
        ACCEPTED = "accepted"
        MERGED = "merged"
        IGNORED = "ignored"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    signature = models.CharField(max_length=120)
    language = models.CharField(max_length=8)
    name = models.CharField(max_length=120)
    terms = models.JSONField(default=list)
    words = models.JSONField(default=list)
    phrases = models.JSONField(default=list)
    count = models.PositiveIntegerField()
    share = models.FloatField()
    shift = models.FloatField(null=True)  # points of the net score, against all
    quotes = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    went_to = models.CharField(max_length=64, blank=True)  # the key of the theme it became
    decided_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "language", "signature"], name="suggestion_once"
            )
        ]


class ModelBlob(models.Model):
    """The models of one language, learned from the random sample: arrays and gates, no pickle.

    `codes` is how many reviewed answers it was learned from.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    language = models.CharField(max_length=8)
    version = models.ForeignKey(CodebookVersion, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=12)
    gates = models.JSONField(default=list)
    arrays = models.BinaryField()
    codes = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "language"], name="model_blob_once")
        ]


class ModelCodes(models.Model):
    """The themes that a language model named in an answer. `asked` is the hash of the question."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    answer = models.OneToOneField(
        Answer, models.DO_NOTHING, related_name="model_codes", db_constraint=False
    )
    asked = models.CharField(max_length=64)
    keys = models.TextField(blank=True)  # with a space between
    at = models.DateTimeField()


class ModelGates(models.Model):
    """For which themes the codes of a language model are used, because they beat the present ones.

    `gates` is [[key, F1 of the model, F1 of the present source, is open], ...].
    """

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="+")
    version = models.ForeignKey(CodebookVersion, models.CASCADE, related_name="+")
    model = models.CharField(max_length=200)
    gates = models.JSONField(default=list)
    reviewed = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()


class CodingMark(models.Model):
    """A response that must be read (again); without one, everything that is not up to date.

    Written when the journal tells it, deleted when it was done.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    response_id = models.BigIntegerField(null=True)  # no foreign key: it may be gone by now
