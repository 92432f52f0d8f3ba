"""Nothing on record points at something that is gone, whatever was done and in whatever order.

Some keys are not looked up by the database itself (`db_constraint=False`): the operations are the
only writers, and this is the proof that they leave no orphan. It runs on every database.
"""

from contextlib import suppress
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, models
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gloed.base.models import Organisation, Team
from gloed.channels.sample.operations import remove_sample
from gloed.people.models import Person
from gloed.people.rules import PersonData
from gloed.responses.models import Answer, Response
from gloed.responses.operations import (
    correct_answer,
    erase_person,
    receive_answer,
    receive_many,
    remove_batch,
    undo_withdraw,
    withdraw_answer,
)
from gloed.responses.rules import AnswerRefused, GivenAnswer, IncomingAnswer
from gloed.surveys import operations as surveys
from gloed.surveys.models import Question, SurveyVersion, Touchpoint
from gloed.surveys.queries import get_asked
from gloed.surveys.rules import Metric
from tests.conftest import NOW

ROOMS = ("people", "surveys", "fieldwork", "responses")
BATCHES = (UUID(int=1), UUID(int=2))


def count_orphans():
    """By foreign key of the record: how many rows point at nothing."""
    found = {}
    with connection.cursor() as cursor:
        for room in ROOMS:
            for model in apps.get_app_config(room).get_models():
                for field in model._meta.concrete_fields:
                    if not isinstance(field, models.ForeignKey):
                        continue
                    there = field.related_model._meta
                    cursor.execute(
                        f'SELECT COUNT(*) FROM "{model._meta.db_table}" AS here '
                        f'WHERE here."{field.column}" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM '
                        f'"{there.db_table}" AS there WHERE there."{there.pk.column}" = '
                        f'here."{field.column}")'
                    )
                    found[f"{model._meta.label}.{field.name}"] = cursor.fetchone()[0]
    return {name: count for name, count in found.items() if count}


def delivery(number):
    return IncomingAnswer(
        answers=(GivenAnswer(1, rating=number % 11), GivenAnswer(2, verbatim=f"words {number}")),
        source="import",
        source_id=f"row {number % 7}",
        row=number,
        responded_at=NOW,
        touchpoint=("", "Bill", "Repair")[number % 3],
        team=("", "North", "South")[number % 3],
        person=PersonData(email=f"p{number % 5}@example.org") if number % 2 else None,
    )


class House:
    """An organisation and everything that can be done to its record, by name and number."""

    def __init__(self, name, *, is_sample=False):
        self.organisation = Organisation.objects.create(
            name=name, is_sample=is_sample, created_at=NOW
        )
        content = surveys.usual_content(self.organisation, Metric.NPS)
        self.survey = surveys.create_survey(
            self.organisation, title="Service", content=content, touchpoint="Bill", now=NOW
        )
        surveys.open_survey(self.survey, now=NOW)

    def bring_many(self, number):
        rows = [delivery(number + step) for step in range(4)]
        list(receive_many(self.survey, rows, batch=BATCHES[number % 2], now=NOW, chunk=3))

    def bring_one(self, number):
        with suppress(AnswerRefused):  # withdrawn before
            receive_answer(delivery(number), survey=get_asked(self.survey.pk), now=NOW)

    def take_import_back(self, number):
        list(remove_batch(self.organisation, BATCHES[number % 2], now=NOW, chunk=2))

    def withdraw(self, number):
        if response := self._response(number):
            withdraw_answer(self.organisation, response.public_id, now=NOW)

    def undo_withdraw(self, number):
        if response := self._response(number):
            undo_withdraw(self.organisation, response.public_id, now=NOW)

    def correct(self, number):
        if (response := self._response(number)) and response.erased_at is None:
            position, rating = (1, number % 11) if number % 2 else (2, None)
            correct_answer(
                self.organisation, response.public_id, position=position, rating=rating, now=NOW
            )

    def erase(self, number):
        people = list(Person.objects.filter(organisation=self.organisation).order_by("pk"))
        if people:
            erase_person(people[number % len(people)], now=NOW)

    def write_draft(self, number):
        content = surveys.usual_content(
            self.organisation, Metric.NPS, rating_text=f"How likely is it, {number}?"
        )
        surveys.edit_survey(self.survey, title="Service", content=content, kind=self.survey.kind)

    def discard_draft(self, number):
        surveys.discard_draft(self.survey)

    def publish(self, number):
        surveys.publish(self.survey, now=NOW)

    def _response(self, number):
        responses = list(Response.objects.filter(organisation=self.organisation).order_by("pk"))
        return responses[number % len(responses)] if responses else None


DEEDS = tuple(name for name in vars(House) if not name.startswith("_"))


class NoOrphans(TestCase):
    """Every example runs in a transaction that is rolled back."""

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 40)), max_size=14))
    def test_random_deeds_leave_no_orphan(self, deeds):
        house = House("Here")
        house.bring_many(0)
        for name, number in deeds:
            getattr(house, name)(number)
        assert count_orphans() == {}

    @settings(max_examples=5, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 40)), max_size=6))
    def test_an_organisation_that_goes_takes_everything_and_nothing_else(self, deeds):
        stays, goes = House("Stays"), House("Goes", is_sample=True)
        for house in (stays, goes):
            house.bring_many(1)
            for name, number in deeds:
                getattr(house, name)(number)
        before = Response.objects.filter(organisation=stays.organisation).count()
        remove_sample(goes.organisation)
        assert count_orphans() == {}
        assert Response.objects.count() == before


@pytest.mark.parametrize("model", [Team, Touchpoint])
def test_a_name_that_is_deleted_leaves_the_answers_without_it(db, model):
    house = House("Here")
    house.bring_many(0)
    model.objects.filter(organisation=house.organisation).delete()
    assert count_orphans() == {}
    assert Response.objects.count() == 4


def test_words_that_were_answered_cannot_be_deleted(db):
    house = House("Here")
    house.bring_many(0)
    with pytest.raises(models.ProtectedError):
        SurveyVersion.objects.get().delete()
    with pytest.raises(models.ProtectedError):
        Question.objects.all().delete()
    assert Answer.objects.exists()
    assert count_orphans() == {}


def test_the_count_finds_an_orphan(db):
    house = House("Here")
    house.bring_many(0)
    Response.objects.update(team_id=987_654)
    assert count_orphans() == {"responses.Response.team": 4}
