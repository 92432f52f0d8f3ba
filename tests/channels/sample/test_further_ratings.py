"""The further ratings of the sample: what was planted is what is found, and nothing else moved."""

from pathlib import Path

from gloed.channels.sample.further import PARTS, SCALE, SKIPPED, questions, ratings_of
from gloed.stats import key_drivers

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "sample-organisation.md"


def test_the_planted_order_of_drivers_is_found(sample):
    given = [(one.rating, parts) for one in sample.responses if (parts := ratings_of(one, 2026))]
    assert all(rating in SCALE for _whole, parts in given for rating in parts)
    columns = {part.key: [parts[place] for _w, parts in given] for place, part in enumerate(PARTS)}
    found = key_drivers([whole for whole, _parts in given], columns, repeats=200)
    ranked = sorted(found.drivers, key=lambda one: -one.importance.value)
    assert [one.name for one in ranked] == [part.key for part in PARTS]
    assert ranked[0].rank.worst == 1
    levels = {key: sum(column) / len(column) for key, column in columns.items()}
    assert min(levels, key=levels.get) == "price"


def test_only_the_relationship_survey_asks_them_and_some_leave_them(sample):
    asked = [r for r in sample.responses if r.survey == "relationship" and r.status != "partial"]
    given = [r for r in sample.responses if ratings_of(r, 2026)]
    assert {r.survey for r in given} == {"relationship"}
    assert 0.8 < len(given) / len(asked) / (1 - SKIPPED) < 1.2
    first = given[0]
    assert ratings_of(first, 2026) == ratings_of(first, 2026)


def test_they_are_asked_in_both_languages_and_stand_in_the_reference():
    asked = questions(["nl", "en"])
    assert [question.key for question in asked] == [part.key for part in PARTS]
    page = PAGE.read_text(encoding="utf-8")
    for part in PARTS:
        assert f"| {part.key} | {part.goes_with:.2f} | {part.level:.2f} | 5-point |" in page
