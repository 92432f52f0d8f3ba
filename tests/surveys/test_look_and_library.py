"""The pages of looks, of the library and of versions, through the real door."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from gloed.responses.operations import receive_many
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys import library, looks, operations
from gloed.surveys.forms.words import present_content
from gloed.surveys.models import Look, OwnWording
from tests.surveys.conftest import NOW

LIBRARY = reverse("surveys:library")
HOUSE = reverse("surveys:house_look")


def page(name, survey):
    return reverse(f"surveys:{name}", args=[survey.public_id])


def logo(name="logo.png", kind="PNG"):
    target = BytesIO()
    Image.new("RGB", (600, 200), "#b3410e").save(target, kind)
    return SimpleUploadedFile(name, target.getvalue(), content_type="image/png")


def look(survey, organisation):
    return looks.look_of(survey.pk, organisation.pk, name=organisation.name)


# --- the look


def test_without_a_look_the_page_is_plain(draft, organisation):
    assert look(draft, organisation) == looks.PLAIN
    assert looks.PLAIN.style == ""


def test_a_survey_has_the_look_of_all_until_it_has_its_own(alice, draft, organisation):
    alice.post(HOUSE, {"accent": "#0a6b5d", "logo": logo(), "logo_text": "Noorderlicht"})
    shown = look(draft, organisation)
    assert (shown.accent.by_day, shown.logo_text) == ("#0a6b5d", "Noorderlicht")
    assert (shown.logo_width, shown.logo_height) == (240, 80)
    alice.post(page("look", draft), {"accent": "#ffdd00", "logo_text": ""})
    own = look(draft, organisation)
    assert own.accent.chosen == "#ffdd00"
    assert own.accent.is_darkened
    assert own.logo_name == shown.logo_name
    assert "too light to read" in alice.get(page("look", draft)).text
    assert own.style.startswith(f":root{{--accent:{own.accent.by_day}}}")


def test_the_logo_is_served_safely_and_only_as_we_made_it(alice, client, organisation):
    alice.post(HOUSE, {"logo": logo()})
    shown = looks.look_of_all(organisation)
    answer = client.get(reverse("surveys:logo", args=[shown.logo_name]))
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "immutable" in answer["Cache-Control"]
    assert Image.open(BytesIO(answer.content)).size == (480, 160)
    for name in (".png", "x", "made-up.png"):
        assert client.get(reverse("surveys:logo", args=[name])).status_code == 404


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (SimpleUploadedFile("logo.svg", b"<svg onload='alert(1)'/>"), "an SVG does not"),
        (SimpleUploadedFile("logo.png", b"x" * 2_000_001), "larger than 2 MB"),
        (SimpleUploadedFile("logo.png", b"GIF89a not really"), "not a picture we can use"),
    ],
)
def test_another_file_is_refused_with_the_reason_and_changes_nothing(alice, upload, said):
    answer = alice.post(HOUSE, {"accent": "#0a6b5d", "logo": upload})
    assert answer.status_code == 422
    assert said in answer.text
    assert "#0a6b5d" in answer.text
    assert not Look.objects.exists()


def test_a_logo_is_taken_away_and_a_colour_must_be_one(alice, organisation):
    alice.post(HOUSE, {"logo": logo(kind="JPEG")})
    alice.post(HOUSE, {"is_logo_removed": "on"})
    assert looks.look_of_all(organisation).logo_name == ""
    assert alice.post(HOUSE, {"accent": "red;}"}).status_code == 422


def test_the_respondent_sees_the_look_and_no_other_organisations(
    alice, client, open_one, other_organisation
):
    alice.post(HOUSE, {"accent": "#0a6b5d", "logo": logo()})
    looks.change_look(other_organisation, None, accent="#123456", logo_text="", now=NOW)
    answer = client.get(f"/s/{open_one.slug}/")
    assert "--accent:#0a6b5d" in answer.text
    assert 'width="240" height="80"' in answer.text
    assert "#123456" not in answer.text


# --- the library


def test_the_library_has_forty_questions_and_more_in_both_languages():
    entries = library.entries()
    assert len(entries) >= 40
    assert len({entry.id for entry in entries}) == len(entries)
    for entry in entries:
        assert set(entry.words) == set(library.LANGUAGES), entry.id
        for words in entry.words.values():
            assert words.text, entry.id
            assert words.when, entry.id
            assert words.avoid, entry.id
        assert len({len(words.options) for words in entry.words.values()}) == 1, entry.id
    asked_for = {"nps", "csat", "ces", "enps", "open", "single", "multiple", "consent", "contact"}
    assert asked_for <= {entry.kind for entry in entries}
    assert {"reason", "moment", "barrier", "praise", "consent"} <= set(library.topics())
    assert len(library.trades()) >= 10


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, "Hoe waarschijnlijk"),
        ({"topic": "barrier"}, "Wat is er nodig om er voor jou een 9 van te maken?"),
        ({"kind": "consent"}, "Mogen we je bellen over je antwoord?"),
        ({"trade": "care", "kind": "csat"}, "Hoe tevreden bent u over de tijd en aandacht"),
        ({"q": "monteur bezoek"}, "bezoek van onze monteur"),
        ({"q": "engineer"}, "bezoek van onze monteur"),
        ({"q": "qqqq"}, "Zo’n vraag is er nog niet"),
    ],
)
def test_the_library_is_searched_and_filtered(alice, query, found):
    assert found in alice.get(LIBRARY, query, headers={"accept-language": "nl"}).text


def test_a_question_is_used_in_a_survey(alice, draft):
    text = alice.get(LIBRARY, {"survey": draft.public_id}).text
    assert f'value="{draft.public_id}"' in text
    sent = {"survey": draft.public_id, "entry": "moment_frustration"}
    answer = alice.post(reverse("surveys:use"), sent)
    assert answer.url.startswith(page("edit", draft))
    assert present_content(draft).further[0].key == "moment-frustration"
    for wrong in ({"survey": "x"}, {"survey": draft.public_id, "entry": "own-x"}):
        assert alice.post(reverse("surveys:use"), wrong).url == LIBRARY


def test_own_questions_are_kept_changed_and_removed_with_a_way_back(alice, charlie):
    add = reverse("surveys:add_own")
    fields = {"kind": "single", "text_nl": "Waar kocht je het?", "options_nl": "Winkel\nOnline"}
    assert alice.post(add, {"kind": "open"}).status_code == 422
    assert alice.post(add, fields | {"options_nl": "Winkel"}).status_code == 422
    alice.post(add, fields | {"note": "Bij elke bestelling"})
    own = OwnWording.objects.get()
    text = alice.get(LIBRARY).text
    assert "Waar kocht je het?" in text
    assert "Bij elke bestelling" in text
    assert "Waar kocht je het?" not in charlie.get(LIBRARY).text
    change = reverse("surveys:change_own", args=[own.public_id])
    assert charlie.get(change).status_code == 404
    alice.post(change, fields | {"text_nl": "Waar kocht u het?"})
    answer = alice.post(reverse("surveys:remove_own", args=[own.public_id]), follow=True)
    assert "Waar kocht u het?" not in answer.text
    alice.post(reverse("surveys:restore_own", args=[own.public_id]))
    assert "Waar kocht u het?" in alice.get(LIBRARY).text


def test_a_viewer_reads_the_library_and_changes_nothing(client_of, organisation, draft):
    viewer = client_of(organisation, "viewer")
    assert reverse("surveys:use") not in viewer.get(LIBRARY).text
    sent = {"survey": draft.public_id, "entry": "praise_keep"}
    assert viewer.post(reverse("surveys:use"), sent).status_code == 403


# --- versions


def test_versions_tell_what_changed_since_when_and_how_many_answered(alice, open_one):
    rows = (IncomingAnswer((GivenAnswer(1, rating=9),), "csv", source_id=str(n)) for n in range(3))
    list(receive_many(open_one, rows, now=NOW))
    content = present_content(open_one)
    asked = replace(content.rating["en"], text="Would you recommend us to others?")
    other = replace(content, rating={**content.rating, "en": asked})
    operations.edit_survey(open_one, title=open_one.title, content=other, kind=open_one.kind)
    operations.publish(open_one, now=NOW + timedelta(days=30))
    text = alice.get(page("versions", open_one)).text
    assert "<del>" in text
    assert "<ins>" in text
    assert "break in the trend" in text
    assert "Changed: the rating question. The trend has a break mark here." in text
    lines = alice.get(page("versions", open_one)).context["lines"]
    assert [(line.version.number, line.answers) for line in lines] == [(2, 0), (1, 3)]
    same = alice.get(page("versions", open_one), {"before": "1", "after": "1"})
    assert "The words of version 1" in same.text
    assert alice.get(page("versions", open_one), {"before": "x", "after": "99"}).status_code == 200
