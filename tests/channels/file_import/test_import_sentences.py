"""Refusals are whole sentences in both languages, filled after they were translated."""

import pytest
from django.utils.translation import override

from gloed.channels.file_import.reading import SENTENCES, Reason, UnreadableFile
from gloed.channels.file_import.rules import ImportRefused, Problem
from gloed.channels.file_import.sentences import PROBLEMS, READERS, sentence_of


class Anything(dict):
    """Fills every place of a sentence."""

    def __missing__(self, key):
        return "7"


def test_our_copies_are_the_sentences_of_the_readers():
    assert set(READERS) == set(SENTENCES.values())


def test_every_problem_has_its_sentence():
    assert set(PROBLEMS) == set(Problem)


def test_a_refusal_speaks_dutch_with_its_parameters():
    refusal = UnreadableFile(Reason.NOT_A_TABLE, kind="a PDF")

    with override("nl"):
        assert sentence_of(refusal).startswith("Dit is een pdf, geen tabel.")
    with override("en"):
        assert sentence_of(refusal) == refusal.message


@pytest.mark.parametrize("problem", list(Problem))
def test_a_problem_can_be_told(problem):
    told = {"metric": "csat", "low": 0, "high": 9, "limit": 50, "survey": "S"}

    with override("nl"):
        assert "{" not in sentence_of(ImportRefused(problem, **told))
