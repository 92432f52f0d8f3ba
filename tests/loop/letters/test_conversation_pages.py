"""The conversation on the card: write, keep, send, take back; texts, drafts of a model, strays."""

from datetime import timedelta

import pytest
from django.urls import reverse

from gloed.base import jobs
from gloed.base.models import AuditEntry, Job
from gloed.loop.cases.models import CaseEvent
from gloed.loop.letters import operations, queries, suggesting, usual
from gloed.loop.letters.models import Letter, LetterFile, LetterTemplate, Stray
from gloed.loop.letters.rules import Became, Incoming, Kind
from tests.base.fake_model import fake_model
from tests.conftest import NOW

HTMX = {"HX-Request": "true", "HX-Target": "letters"}


def shown(client, case, **headers):
    page = client.get(reverse("letters:of_case", args=[case.public_id]), headers=headers)
    assert page.status_code == 200
    return page.content.decode()


def write(client, case, do="send", *, body="Mag ik je bellen?", key="k1", **more):
    given = {"do": do, "key": key, "subject": "Over je antwoord", "body": body, **more}
    return client.post(reverse("letters:write", args=[case.public_id]), given)


def test_the_card_loads_the_conversation_as_a_fragment(sannes, case):
    fragment = shown(sannes, case, **{"HX-Request": "true"})
    assert fragment.strip().startswith('<section id="letters"')
    assert "data-takes-openings" in fragment
    assert "<html" in shown(sannes, case)


def test_a_letter_that_is_sent_stands_there_and_can_be_taken_back(sannes, case):
    assert write(sannes, case).status_code == 302
    letter = Letter.objects.get()
    assert (letter.state, letter.author.name) == ("waiting", "Sanne")
    html = shown(sannes, case)
    assert "leaves in a moment" in html
    assert reverse("letters:take_back", args=[letter.public_id]) in html
    sannes.post(reverse("letters:take_back", args=[letter.public_id]))
    letter.refresh_from_db()
    assert letter.state == "draft"
    assert "Mag ik je bellen?" in shown(sannes, case)


def test_htmx_gets_the_fragment_back_and_nothing_else(sannes, case):
    url = reverse("letters:write", args=[case.public_id])
    given = {"do": "send", "key": "k", "subject": "x", "body": "Hallo"}
    answer = sannes.post(url, given, headers=HTMX)
    assert answer.status_code == 200
    assert answer.content.decode().strip().startswith('<section id="letters"')


def test_an_empty_letter_is_not_sent_and_the_subject_stays(sannes, case):
    answer = write(sannes, case, body="  ")
    assert answer.status_code == 422
    assert "Over je antwoord" in answer.content.decode()
    assert not Letter.objects.exists()


def test_a_draft_is_kept_found_again_and_thrown_away(sannes, case, client_of, organisation):
    write(sannes, case, "keep", body="Nog niet klaar")
    assert "Nog niet klaar" in shown(sannes, case)
    other = client_of(organisation, "owner")
    assert "Nog niet klaar" not in shown(other, case)
    write(sannes, case, "throw_away")
    assert not Letter.objects.exists()


def test_a_text_comes_first_in_the_customers_language_and_words(sannes, case):
    answer = write(sannes, case, "text:call", body="Tot gauw")
    form = answer.context["form"]
    assert form["body"].startswith("Beste Nia,\n\nIk las je antwoord")
    assert form["body"].endswith("\n\nTot gauw")
    assert form["subject"] == "Mag ik je bellen over je antwoord?"


def test_a_gesture_is_counted_when_the_letter_leaves(sannes, case):
    form = write(sannes, case, "text:thank", body="").context["form"]
    assert form["gestures"] == ["thank"]
    write(sannes, case, body=form["body"], gesture=["thank"])
    moment = NOW + timedelta(days=400)
    [due] = operations.claim_due(limit=5, now=moment)
    operations.note_handing(due.id, domain="x.example", now=moment)
    operations.note_sent(due.id, now=moment)
    assert CaseEvent.objects.get(kind="gesture").detail == {"gesture": "thank"}


def test_without_an_address_nobody_can_be_written_to(sannes, case):
    case.person.email = case.person.email_key = ""
    case.person.save()
    assert "No mail address is known" in shown(sannes, case)
    assert write(sannes, case).status_code == 422


def test_what_goes_by_itself_says_who_could_write_it_and_can_be_taken_over(
    sannes, case, close, run_journal
):
    close()
    run_journal()
    closed = reverse("letters:of_closed", args=[case.public_id])
    html = sannes.get(closed, headers={"HX-Request": "true"}).content.decode()
    assert "Sanne could write this instead." in html
    letter = Letter.objects.get(kind="solved")
    sannes.post(reverse("letters:take_over", args=[letter.public_id]))
    letter.refresh_from_db()
    assert letter.state == "withdrawn"
    draft = Letter.objects.get(kind="reply")
    assert (draft.state, draft.body) == ("draft", letter.body)
    sannes.post(reverse("letters:take_over", args=[letter.public_id]))
    assert Letter.objects.filter(kind="reply").count() == 1


def test_a_card_of_an_open_case_shows_the_conversation_once(sannes, case):
    answer = sannes.get(reverse("letters:of_closed", args=[case.public_id]))
    assert "<section" not in answer.content.decode()


def test_html_of_a_customer_is_shown_as_words(sannes, case):
    thread = operations.thread_of(case, now=NOW)
    mail = Incoming(
        Kind.LETTER, (thread.token,), "nia@example.org", text="<img src=x> <b>hi</b> https://a.nl"
    )
    assert operations.receive(mail, now=NOW) is Became.PLACED
    html = shown(sannes, case)
    assert "&lt;img src=x&gt;" in html
    assert 'href="https://a.nl"' in html


def test_a_file_is_only_ever_saved(sannes, case, charlie):
    letter = operations.send_reply(
        case, key="k", subject="x", body="x", author=sannes_staff(sannes), now=NOW
    )
    file = LetterFile.objects.create(
        letter=letter, name='a"\r\n.png', content_type="image/png", data=b"\x89PNG"
    )
    url = reverse("letters:file", args=[file.public_id])
    answer = sannes.get(url)
    assert answer["Content-Disposition"] == 'attachment; filename="a___.png"'
    assert "sandbox" in answer["Content-Security-Policy"]
    assert charlie.get(url).status_code == 404


def sannes_staff(_client):
    from gloed.base.models import Staff

    return Staff.objects.get(email="sanne@example.org")


def test_a_colleague_of_another_team_sees_nothing(client_of, organisation, case):
    member = client_of(organisation, "frontline")
    assert member.get(reverse("letters:of_case", args=[case.public_id])).status_code == 404


# --- a draft by a language model


@pytest.fixture
def model(settings):
    """A model that drafts, and what it heard."""
    settings.LANGUAGE_MODEL, settings.LANGUAGE_MODEL_KEY = "small", ""
    settings.LANGUAGE_MODEL_SECONDS = 5
    said = {"draft": "Wat vervelend dat niemand je terugbelde."}
    with fake_model(lambda _asked: said) as (url, heard):
        settings.LANGUAGE_MODEL_URL = url
        yield said, heard


def run_suggestion(**later):
    """Do what a worker does with the job that asks for a draft."""
    job = Job.objects.get(kind=suggesting.SUGGEST)
    suggesting.suggest(jobs.JobRun(job, now=lambda: NOW + timedelta(**later)))
    Job.objects.filter(pk=job.pk).update(state="done")


def test_without_a_model_nobody_is_offered_a_draft(sannes, case, settings):
    assert "Suggest a draft" not in shown(sannes, case)
    write(sannes, case, "suggest", body="")
    assert not Job.objects.filter(kind=suggesting.SUGGEST).exists()


def test_a_draft_of_a_model_is_marked_and_waits_for_a_person(sannes, case, model):
    assert "Suggest a draft" in shown(sannes, case)
    assert "A draft is being written" in write(sannes, case, "suggest", body="").content.decode()
    write(sannes, case, "suggest", body="")
    run_suggestion()
    html = shown(sannes, case)
    assert "drafted by a language model: read it before you send it" in html
    assert "Beste Nia,\n\nWat vervelend dat niemand je terugbelde." in html
    letter = Letter.objects.get()
    assert (letter.state, letter.is_suggested) == ("draft", True)
    assert operations.claim_due(limit=9, now=NOW + timedelta(days=900)) == []
    write(sannes, case, key=letter.key, body=letter.body)
    letter.refresh_from_db()
    assert (letter.state, letter.author.name) == ("waiting", "Sanne")
    assert "begun by a language model" in shown(sannes, case)


def test_it_hears_what_the_customer_said_and_not_who_they_are(sannes, case, model):
    write(sannes, case, "suggest", body="")
    run_suggestion()
    [(_headers, asked)] = model[1]
    heard = asked["messages"][1]["content"]
    assert "Niemand belde terug." in heard
    assert "nia@example.org" not in heard


def test_a_model_that_makes_numbers_up_drafts_nothing(sannes, case, model):
    model[0]["draft"] = "Je krijgt 50 euro van ons."
    write(sannes, case, "suggest", body="")
    run_suggestion()
    assert not Letter.objects.exists()
    assert "had no usable draft" in shown(sannes, case)


def test_a_draft_that_comes_after_the_letter_was_sent_changes_nothing(sannes, case, model):
    write(sannes, case, "suggest", body="")
    write(sannes, case, body="Zelf geschreven")
    run_suggestion()
    assert Letter.objects.get().body == "Zelf geschreven"


# --- texts


def test_the_texts_of_the_house_are_whole_in_both_languages():
    for text in usual.house_texts().values():
        for language in usual.LANGUAGES:
            assert text.in_language(language).title
            assert text.in_language(language).body
    gestures = [text.gesture for text in usual.house_texts().values() if text.gesture]
    assert gestures == ["acknowledge", "recognise", "compliment", "thank", "trust"]


def test_the_gestures_of_the_card_begin_with_the_organisations_own_words(
    sannes, organisation, case
):
    card = reverse("cases:card", args=[case.public_id])
    usual_words = usual.find_text(organisation, "thank").in_language("nl").body
    assert f'data-opening="{usual_words}"' in sannes.get(card).text
    own = edited("Bedanken", "Fijn dat je het zegt, {first_name|beste klant}.")
    assert sannes.post(reverse("letters:text", args=["thank"]), own).status_code == 302
    assert 'data-opening="Fijn dat je het zegt, Nia."' in sannes.get(card).text
    sannes.post(reverse("letters:text_remove", args=["thank"]))  # the chip has a sentence still
    assert 'data-opening="Dank je wel' in sannes.get(card).text


def edited(title="Bellen", body="Zal ik bellen?", language="nl"):
    return {f"title_{language}": title, f"body_{language}": body}


def test_a_text_can_be_changed_and_have_its_words_back(sannes, organisation, case):
    url = reverse("letters:text", args=["call"])
    assert sannes.get(url).status_code == 200
    assert sannes.post(url, edited()).status_code == 302
    assert usual.find_text(organisation, "call").in_language("nl").body == "Zal ik bellen?"
    assert AuditEntry.objects.filter(action="letters.text_changed").exists()
    sannes.post(reverse("letters:text_reset", args=["call"]))
    assert not usual.find_text(organisation, "call").is_changed


def test_a_text_of_ones_own_comes_goes_and_comes_back(sannes, organisation):
    sannes.post(reverse("letters:text_new"), edited("Cadeau", "Een kleinigheid"))
    key = str(LetterTemplate.objects.get().public_id)
    sannes.post(reverse("letters:text_remove", args=[key]))
    assert key not in [text.key for text in usual.texts_of(organisation)]
    assert "no longer in the list" in sannes.get(reverse("letters:texts")).content.decode()
    sannes.post(reverse("letters:text_restore", args=[key]))
    assert key in [text.key for text in usual.texts_of(organisation)]


@pytest.mark.parametrize(
    "wrong", [{}, {"title_nl": "x"}, {"body_nl": "y"}, {"title_nl": "x" * 99, "body_nl": "y"}]
)
def test_a_text_without_words_or_name_is_not_kept(sannes, wrong):
    assert sannes.post(reverse("letters:text_new"), wrong).status_code == 422
    assert not LetterTemplate.objects.exists()


@pytest.mark.parametrize("key", ["nothing", "00000000-0000-0000-0000-000000000000"])
def test_a_text_that_does_not_exist_is_not_found(sannes, key):
    for name in ("text_remove", "text_restore", "text_reset"):
        assert sannes.post(reverse(f"letters:{name}", args=[key])).status_code == 404
    assert sannes.get(reverse("letters:text", args=[key])).status_code == 404


def test_what_follows_is_set_on_one_page(sannes, organisation):
    url = reverse("letters:settings")
    assert sannes.get(url).status_code == 200
    sannes.post(url, {"solved_hours": "48", "again_days": "60", "asks_solved": "on"})
    kept = queries.settings_of(organisation)
    assert (kept.asks_solved, kept.solved_hours, kept.asks_again) == (True, 48, False)
    assert sannes.post(url, {"solved_hours": "-1", "again_days": "0"}).status_code == 422


# --- set apart


@pytest.fixture
def stray(case):
    thread = operations.thread_of(case, now=NOW)
    mail = Incoming(Kind.LETTER, (thread.token,), "eve@example.org", text="Hallo")
    operations.receive(mail, now=NOW)
    return Stray.objects.get()


def test_a_stray_is_placed_by_a_person(sannes, stray, case):
    assert "eve@example.org" in sannes.get(reverse("letters:strays")).content.decode()
    sannes.post(reverse("letters:place", args=[stray.public_id]))
    assert Letter.objects.get(kind="answer").thread.case_id == case.pk
    assert "Nothing was set apart" in sannes.get(reverse("letters:strays")).content.decode()


def test_or_set_aside_and_taken_back(sannes, stray):
    sannes.post(reverse("letters:discard", args=[stray.public_id]))
    html = sannes.get(reverse("letters:strays")).content.decode()
    assert "Nothing was set apart" in html
    assert reverse("letters:stray_restore", args=[stray.public_id]) in html
    sannes.post(reverse("letters:stray_restore", args=[stray.public_id]))
    assert "eve@example.org" in sannes.get(reverse("letters:strays")).content.decode()


def test_only_whoever_plans_cases_sees_strays(client_of, organisation, stray):
    assert client_of(organisation, "frontline").get(reverse("letters:strays")).status_code == 403


@pytest.mark.parametrize("many", [1, 30])
def test_the_conversation_asks_the_same_however_long(
    sannes, case, many, django_assert_max_num_queries
):
    thread = operations.thread_of(case, now=NOW)
    for number in range(many):
        Letter.objects.create(
            organisation=case.organisation,
            thread=thread,
            kind="answer",
            state="received",
            key=f"in:{number}",
            body="x",
            created_at=NOW,
            ended_at=NOW,
        )
    shown(sannes, case)
    with django_assert_max_num_queries(22):
        shown(sannes, case)
