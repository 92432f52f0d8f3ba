"""From canonical records to deliveries for the one door, each to its survey."""

from collections.abc import Mapping, Sequence
from typing import Any

from gloed.channels.file_import.reading import (
    Answer,
    Moment,
    Precision,
    Record,
    Respondent,
    Status,
)
from gloed.channels.file_import.rules import Group, family_of, identity_of
from gloed.people.rules import PersonData
from gloed.responses.rules import VERBATIM_LIMIT, GivenAnswer, IncomingAnswer
from gloed.surveys.rules import OPEN_POSITION, RATING_POSITION, Metric

SOURCE = "import"
_ASKED = frozenset(metric.value for metric in Metric)
_PRECISION = {precision: precision.value for precision in Precision}


class Router:
    """Sorts the records of one file into groups.

    `known` are the groups of the file, the largest first; a comment without a number goes to the
    largest group of its survey. `keeps_survey_name` keeps the file's survey name as an attribute.
    """

    def __init__(
        self, file_format: str, known: Sequence[Group] = (), *, keeps_survey_name: bool = False
    ) -> None:
        self._family = family_of(file_format)
        self._known = list(known)
        self._by_survey: dict[str, Group] = {}
        for group in known:
            self._by_survey.setdefault(group.survey, group)
        self._keeps_survey_name = keeps_survey_name
        self._groups: dict[tuple[str | None, str, tuple[int, int]], Group] = {}

    def group_of(self, record: Record, answer: Answer) -> Group:
        """The group of one number of a record."""
        known = (record.survey, answer.metric, answer.scale)
        group = self._groups.get(known)
        if group is None:
            group = Group(record.survey or "", answer.metric.value, *answer.scale)
            self._groups[known] = group
        return group

    def fallback(self, survey: str) -> Group:
        """Where a comment without a number belongs."""
        found = self._by_survey.get(survey)
        if found is None:
            main = self._known[0] if self._known else Group("", "nps", 0, 10)
            found = Group(survey, main.metric, main.low, main.high)
        return found

    def route(self, record: Record) -> list[tuple[Group, IncomingAnswer]]:
        """The deliveries of a record: one per metric; the comment goes with the first number.

        Nothing for a record that holds neither a comment nor a metric that surveys ask.
        """
        asked = asked_of(record)
        comment = record.comment
        if not asked:
            if not comment:
                return []
            return [(self.fallback(record.survey or ""), self._incoming(record, None, comment))]
        if len(asked) == 1:
            only = asked[0]
            return [(self.group_of(record, only), self._incoming(record, only, comment))]
        with_comment = next((a for a in asked if a.score is not None), asked[0])
        return [
            (
                self.group_of(record, answer),
                self._incoming(record, answer, comment if answer is with_comment else None),
            )
            for answer in asked
        ]

    def _incoming(
        self, record: Record, answer: Answer | None, comment: str | None
    ) -> IncomingAnswer:
        given: tuple[GivenAnswer, ...] = ()
        if answer is not None:
            raw = answer.score_raw if answer.score is None else ""
            given = (GivenAnswer(RATING_POSITION, rating=answer.score, raw=raw),)
        if comment:
            given = (*given, GivenAnswer(OPEN_POSITION, verbatim=comment[:VERBATIM_LIMIT]))
        moment = record.responded_at
        return IncomingAnswer(
            answers=given,
            source=SOURCE,
            source_id=identity_of(record, self._family),
            is_complete=record.status is Status.COMPLETE,
            responded_at=moment.at if moment else None,
            precision=_PRECISION[moment.precision] if moment else "second",
            written_zone=_zone_of(moment),
            person=person_of(record.respondent, record.language) if record.respondent else None,
            attributes=self._attributes(record),
            touchpoint=record.touchpoint or "",
            language=record.language or "",
            channel=record.channel or "",
            device=record.device or "",
            tags=record.tags,
            row=record.row,
        )

    def _attributes(self, record: Record) -> Mapping[str, Any]:
        """What has no place of its own in the record, kept as it was written."""
        more: dict[str, str] = {}
        if record.started_at is not None:
            more["started_at"] = record.started_at.at.isoformat()
        if record.notes:
            more["notes"] = "\n".join(record.notes)
        if self._keeps_survey_name and record.survey:
            more["survey"] = record.survey
        if record.comment and len(record.comment) > VERBATIM_LIMIT:
            more["comment (whole)"] = record.comment
        if len(record.answers) > 1 or not asked_of(record):
            asked = asked_of(record)
            for answer in record.answers:
                if answer not in asked:
                    more[answer.question or answer.metric.value] = answer.score_raw
        return {**more, **record.attributes} if more else record.attributes


def asked_of(record: Record) -> list[Answer]:
    """The answers that surveys ask, one for each metric and scale; the first stands."""
    if len(record.answers) == 1:
        return list(record.answers) if record.answers[0].metric in _ASKED else []
    by_group = {
        (answer.metric, answer.scale): answer
        for answer in reversed(record.answers)
        if answer.metric in _ASKED
    }
    return list(reversed(by_group.values()))


def person_of(
    respondent: Respondent, language: str | None = None, attributes: Mapping[str, str] | None = None
) -> PersonData:
    """A respondent of a file as the people room knows persons."""
    return PersonData(
        external_id=respondent.external_id or "",
        name=respondent.name or "",
        email=respondent.email or "",
        phone=respondent.phone or "",
        language=language or "",
        attributes=attributes or {},
    )


def _zone_of(moment: Moment | None) -> str:
    return moment.zone if moment else ""
