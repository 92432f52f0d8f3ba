"""Subjects that no theme covers: offered, decided by a person, and nowhere before that."""

import subprocess
import sys

import pytest
from django.urls import reverse

from gloed.coding.models import Suggestion, Theme, ThemeFigures
from gloed.coding.operations import codebook as books
from gloed.coding.operations.discovering import discover_subjects, find_group_terms
from tests.coding.conftest import NOW

pytestmark = pytest.mark.django_db
ODD = [
    "The garden gnome stood beside the hedge",
    "That garden gnome by the hedge again",
    "A blue garden gnome on the lawn",
    "The elevator hummed a purple song",
    "An elevator that hums its song",
]


@pytest.fixture
def found(organisation, say, codebook, code):
    """A subject of 60 answers that the codebook knows nothing of."""
    for place in range(60):
        say(f"{ODD[place % 5]} (gnome{place}@example.org)", 2)
    for place in range(60):
        say("The staff is friendly", 9 + place % 2)
    code()
    discover_subjects(organisation, now=NOW)
    return Suggestion.objects.get(name__icontains="hedge")


def test_a_subject_comes_with_count_shift_and_masked_quotes(alice, organisation, found):
    assert found.count == 24
    assert found.share == 0.2
    assert found.shift == -100
    page = alice.get(reverse("coding:suggestions")).content.decode()
    assert "garden, gnome" in page
    assert "gnome0@" not in page
    assert not Theme.objects.filter(key__icontains="gnome").exists()
    assert "gnome" not in alice.get(reverse("coding:themes")).content.decode()


def test_it_becomes_a_theme_in_the_draft_and_the_way_back_leaves_nothing(
    alice, organisation, codebook, found
):
    url = reverse("coding:decide", args=[found.public_id])
    alice.post(url, {"do": "accept", "name": "Garden gnomes"})
    draft = books.draft_of(codebook)
    theme = next(t for t in draft.content["theme"] if t["id"] == "garden_gnomes")
    assert theme["names"] == {"en": "Garden gnomes"}
    assert "gnome" in " ".join(theme["seeds"]["en"].get("words", []) + found.phrases)
    alice.post(reverse("coding:reopen", args=[found.public_id]))
    assert books.draft_of(codebook) is None
    found.refresh_from_db()
    assert found.state == "new"


def test_its_words_go_to_another_theme(alice, codebook, found):
    url = reverse("coding:decide", args=[found.public_id])
    alice.post(url, {"do": "merge", "into": "staff_attitude"})
    draft = books.draft_of(codebook)
    theme = next(t for t in draft.content["theme"] if t["id"] == "staff_attitude")
    seeds = theme["seeds"]["en"]
    assert {*found.words, *found.phrases} <= {*seeds["words"], *seeds["phrases"]}
    found.refresh_from_db()
    assert (found.state, found.went_to) == ("merged", "staff_attitude")


def test_what_was_ignored_stays_ignored(alice, organisation, codebook, found):
    alice.post(reverse("coding:decide", args=[found.public_id]), {"do": "ignore"})
    discover_subjects(organisation, now=NOW)
    assert not Suggestion.objects.filter(state="new", name__icontains="hedge").exists()
    page = alice.get(reverse("coding:suggestions")).content.decode()
    assert "Suggest it again" in page


def test_words_that_are_gone_are_not_quoted(alice, found):
    from gloed.responses.models import Answer

    Answer.objects.filter(verbatim__icontains="gnome").update(verbatim="")
    page = alice.get(reverse("coding:suggestions")).content.decode()
    assert "beside the hedge" not in page


def test_looking_is_work_for_later(alice, organisation, codebook):
    alice.post(reverse("coding:look"))
    page = alice.get(reverse("coding:suggestions")).content.decode()
    assert 'id="looking"' in page
    part = alice.get(reverse("coding:looking"), headers={"hx-request": "true"})
    assert 'id="looking"' in part.content.decode()


def test_words_of_groups_are_told_from_300_answers_on(organisation, say, codebook, code):
    for place in range(300):
        say("Slow delivery" if place % 2 else "Friendly people", 1 if place % 2 else 10)
    code()
    find_group_terms(organisation, now=NOW)
    figures = ThemeFigures.objects.get(scope="terms").figures
    assert figures["n"] == 300
    assert "delivery" in " ".join(term for term, _n, _z in figures["detractors"])
    assert "friendly" in " ".join(term for term, _n, _z in figures["promoters"])


def test_another_organisation_does_not_see_them(charlie, found):
    assert charlie.post(reverse("coding:decide", args=[found.public_id])).status_code == 404


def test_the_web_process_never_imports_scikit_learn():
    """Nor the sparse matrices of discovery: pages are made without them."""
    code = (
        "import django; django.setup(); import gloed.project.urls, gloed.coding.views.themes,"
        "gloed.coding.views.suggestions, gloed.coding.tasks, sys;"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "print([m for m in ('sklearn','scipy.sparse','simplemma') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip().splitlines()[-1] == "[]"
