"""The pages of surveys, through the real door."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gloed.responses.models import Response
from gloed.responses.operations import receive_many, withdraw_answer
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys import operations, queries
from gloed.surveys.models import Survey

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LIST = reverse("surveys:list")


def page(name, survey):
    return reverse(f"surveys:{name}", args=[survey.public_id])


def test_an_empty_list_teaches(alice):
    answer = alice.get(LIST)
    assert reverse("surveys:create") in answer.text


def test_a_viewer_sees_the_list_and_no_way_to_change_it(client_of, organisation, open_one):
    viewer = client_of(organisation, "viewer")
    assert reverse("surveys:create") not in viewer.get(LIST).text
    assert page("edit", open_one) not in viewer.get(page("detail", open_one)).text
    assert viewer.get(page("edit", open_one)).status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_asks_as_many_questions_for_one_row_as_for_thirty(alice, make_survey, rows):
    for number in range(rows):
        operations.open_survey(make_survey(touchpoint=f"T{number}"), now=NOW)
    alice.get(LIST)
    with CaptureQueriesContext(connection) as captured:
        answer = alice.get(LIST)
    assert len(answer.context["surveys"]) == rows
    # session, colleague, membership, other organisations, count, rows, answers (three times)
    assert len(captured) == 9
    url = (
        reverse("responses:counts")
        + "?"
        + "&".join(f"survey={row['survey'].public_id}" for row in answer.context["surveys"])
    )
    with CaptureQueriesContext(connection) as captured:
        assert alice.get(url).text.count("hx-swap-oob") == rows
    # session, colleague, membership, surveys, counted, withdrawn, set apart
    assert len(captured) == 7


def test_counts_leave_out_what_was_withdrawn_and_what_is_not_ours(
    alice, charlie, open_one, organisation
):
    rows = (IncomingAnswer((GivenAnswer(1, rating=9),), "csv", source_id=str(n)) for n in range(3))
    list(receive_many(open_one, rows, now=NOW))
    withdraw_answer(organisation, Response.objects.first().public_id, now=NOW)
    url = f"{reverse('responses:counts')}?survey={open_one.public_id}&survey=nonsense"
    assert (
        f'<span id="answers_{open_one.public_id}" hx-swap-oob="true">2</span>'
        in alice.get(url).text
    )
    assert charlie.get(url).text.strip() == ""


def test_from_nothing_to_an_open_survey(alice, organisation, form_of):
    answer = alice.post(
        reverse("surveys:create"),
        {"metric": "ces", "title": "Vraag opgelost", "touchpoint": "Telefoon", "languages": ["nl"]},
    )
    survey = Survey.objects.get()
    assert answer.url == page("edit", survey)
    assert (survey.kind, survey.languages, survey.touchpoint.name) == (
        "transactional",
        ["nl"],
        "Telefoon",
    )
    fields = form_of(survey) | {"rating.text.nl": "Ging het makkelijk?", "publish": "yes"}
    assert alice.post(page("edit", survey), fields).url == page("detail", survey)
    survey.refresh_from_db()
    assert survey.state == "open"
    assert queries.get_version(survey.slug, 1).words[1, "nl", ""].text == "Ging het makkelijk?"
    text = alice.get(page("detail", survey)).text
    assert f"/s/{survey.slug}/" in text


def test_a_survey_without_a_name_or_metric_is_asked_again(alice):
    answer = alice.post(reverse("surveys:create"), {"title": ""})
    assert answer.status_code == 422
    assert not Survey.objects.exists()


def test_a_draft_is_kept_even_when_words_are_missing_and_says_which(alice, draft, form_of):
    fields = form_of(draft) | {"rating.text.en": "", "publish": "yes"}
    answer = alice.post(page("edit", draft), fields, headers={"accept-language": "nl"})
    assert answer.status_code == 422
    assert "De cijfervraag heeft nog geen tekst in het Engels." in answer.text
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_changing_an_open_survey_makes_a_version_that_waits(alice, open_one, form_of):
    fields = form_of(open_one) | {"rating.text.nl": "Anders?", "save": "yes"}
    alice.post(page("edit", open_one), fields)
    open_one.refresh_from_db()
    assert (open_one.current.number, queries.find_draft(open_one).number) == (1, 2)
    alice.post(page("change_state", open_one), {"to": "published"})
    open_one.refresh_from_db()
    assert open_one.current.number == 2


def test_changes_are_thrown_away(alice, open_one, form_of):
    alice.post(page("edit", open_one), form_of(open_one) | {"rating.text.nl": "Anders?"})
    alice.post(page("change_state", open_one), {"to": "discarded"})
    assert queries.find_draft(open_one) is None


def test_closing_and_opening_again(alice, open_one):
    for state in ("closed", "open"):
        alice.post(page("change_state", open_one), {"to": state})
        open_one.refresh_from_db()
        assert open_one.state == state


def test_a_survey_that_lacks_words_does_not_open(alice, draft, organisation, form_of):
    alice.post(page("edit", draft), form_of(draft) | {"rating.low.nl": ""})
    assert alice.post(page("change_state", draft), {"to": "open"}).url == page("edit", draft)


def test_deleting_a_draft_offers_the_way_back(alice, draft):
    answer = alice.post(page("delete", draft), follow=True)
    assert page("restore", draft) in answer.text
    assert alice.get(page("detail", draft)).status_code == 404
    alice.post(page("restore", draft))
    assert alice.get(page("detail", draft)).status_code == 200


def test_an_open_survey_is_not_deleted(alice, open_one):
    alice.post(page("delete", open_one))
    assert alice.get(page("detail", open_one)).status_code == 200


def test_the_code_is_an_image_of_the_link(alice, open_one):
    svg, png = alice.get(page("qr_svg", open_one)), alice.get(page("qr_png", open_one) + "?save")
    assert svg["Content-Type"] == "image/svg+xml"
    assert svg.content.startswith(b"<?xml")
    assert png.content.startswith(b"\x89PNG")
    assert png["Content-Disposition"] == 'attachment; filename="klanten-qr.png"'


@pytest.mark.parametrize("given", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_made_up_undo_shows_the_list(alice, given):
    assert alice.get(LIST, {"deleted": given}).status_code == 200
