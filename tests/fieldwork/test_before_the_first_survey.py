"""An organisation that has only just begun: no page of asking is a dead end."""

import pytest

from tests.fieldwork.test_fieldwork_pages import text_of


@pytest.mark.parametrize("address", ["/fieldwork/plan/", "/fieldwork/triggers/new/", "/phone/"])
def test_without_a_survey_the_page_leads_to_the_surveys(alice, address):
    page = alice.get(address)
    assert "No survey is open" in text_of(page)
    assert 'href="/surveys/"' in page.content.decode()
    assert "<select" not in page.content.decode()


def test_without_people_the_plan_leads_to_bringing_them_in(alice, survey, make_people):
    page = alice.get("/fieldwork/plan/")
    assert "Nobody is known yet" in text_of(page)
    assert "0 people" not in text_of(page)
    assert 'href="/import/events/"' in page.content.decode()
    assert alice.get("/import/events/").status_code == 200
    make_people(3)
    assert "3 people in this segment" in text_of(alice.get("/fieldwork/plan/"))
