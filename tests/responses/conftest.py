"""A survey that is open, and answers on their way to it."""

import pytest

from tests.conftest import NOW


@pytest.fixture
def survey(organisation):
    """An open NPS survey in Dutch and English."""
    from gloed.surveys import operations

    content = operations.usual_content(organisation, "nps")
    survey = operations.create_survey(organisation, title="Relatie", content=content, now=NOW)
    return operations.open_survey(survey, now=NOW)
