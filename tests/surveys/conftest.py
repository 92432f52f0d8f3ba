"""Surveys in each state."""

from datetime import UTC, datetime

import pytest

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def make_survey(organisation):
    """Make a draft: `make_survey("csat")`."""
    from gloed.surveys import operations

    def make(
        metric="nps", *, title="Klanten", owner=organisation, languages=("nl", "en"), **kwargs
    ):
        content = operations.usual_content(owner, metric, languages=languages)
        return operations.create_survey(owner, title=title, content=content, now=NOW, **kwargs)

    return make


@pytest.fixture
def form_of():
    """The fields of the editor's form as its page shows them: `form_of(survey) | {...}`."""
    from gloed.surveys.forms.words import present_content
    from gloed.surveys.forms.written import fields_of

    def fields(survey):
        survey.refresh_from_db()
        named = {"order_is_here": "1", "title": survey.title, "kind": survey.kind}
        named["touchpoint"] = survey.touchpoint.name if survey.touchpoint else ""
        return {**fields_of(present_content(survey)), **named}

    return fields


@pytest.fixture
def draft(make_survey):
    """An NPS survey that was never published."""
    return make_survey()


@pytest.fixture
def open_one(make_survey):
    """An NPS survey that takes answers."""
    from gloed.surveys import operations

    return operations.open_survey(make_survey(), now=NOW)
