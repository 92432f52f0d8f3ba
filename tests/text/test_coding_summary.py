"""From answers to the object: places, shares, order, and answers that say nothing."""

import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from gloed.text import Answer, Codebook, CodedText, Matcher, code, code_one, fit_models, summarise
from tests.text.strategies import ORDINARY, answers, languages

SAID = [
    ("Friendly staff but the price is terrible", 3),
    ("Good price, awful queue", 7),
    ("Great value for money", 10),
    ("Veel te duur en lang gewacht", 1),
    ("👍", 9),
    ("", 5),
]


def some(count: int) -> list[Answer]:
    """Answers with scores, in two languages."""
    return [Answer(at, *SAID[at % len(SAID)]) for at in range(1, count + 1)]


def test_the_object_has_the_shape_that_is_promised(three: Codebook, matcher: Matcher) -> None:
    found = summarise(code(some(60), matcher), three)
    assert set(found) == {"answers", "languages", "codebook", "themes", "mentions", "suggestions"}
    assert found["answers"] == 60
    assert found["codebook"] == {"id": "three", "version": three.version}
    price = found["themes"][0]
    assert (price["id"], price["count"], price["share"]) == ("price", 40, 40 / 60)
    assert sum(price["polarity_text"].values()) == 40
    assert sum(price["polarity_scored"].values()) == 40
    assert price["impact"]["n"] == 40
    assert price["impact"]["low"] <= price["impact"]["value"] <= price["impact"]["high"]
    assert len(price["quotes"]) == 3
    assert {quote["polarity"] for quote in price["quotes"]} == {"neg", "pos"}
    mention = found["mentions"][0]
    assert mention["source"] == "codebook"
    json.dumps(found, allow_nan=False)


def test_the_same_in_any_order_to_the_last_character(three: Codebook, matcher: Matcher) -> None:
    given_ = some(90)
    turned = random.Random(1).sample(given_, len(given_))
    texts = {json.dumps(summarise(code(a, matcher), three)) for a in (given_, turned)}
    assert len(texts) == 1


def test_criticism_by_a_promoter_stays_visible(matcher: Matcher) -> None:
    (mention,) = code_one(Answer(1, "The queue was terrible", 10), "en", matcher)
    assert mention.text_value < 0
    assert mention.scored_value < 0


def test_no_answers_give_an_empty_object(three: Codebook, matcher: Matcher) -> None:
    found = summarise(code([], matcher), three)
    assert (found["answers"], found["themes"], found["mentions"]) == (0, [], [])


def test_without_scores_there_is_no_impact(three: Codebook, matcher: Matcher) -> None:
    found = summarise(code([Answer(at, "bad price") for at in range(40)], matcher), three)
    assert found["themes"][0]["impact"] is None


def test_quotes_are_masked_and_sound_as_they_are_labelled(
    three: Codebook, matcher: Matcher
) -> None:
    said = [Answer(1, "Terrible queue, mail me at a.b@c.nl. The weather was fine.", 0)]
    (theme,) = summarise(code(said, matcher), three)["themes"]
    assert theme["quotes"] == [
        {"row": 1, "text": "Terrible queue, mail me at [e-mail].", "polarity": "neg"}
    ]


@settings(deadline=None)
@given(st.lists(answers, max_size=6), languages)
def test_mentions_lie_inside_their_answer(
    matcher: Matcher, three: Codebook, texts: list[str], language: str
) -> None:
    given_ = [Answer(at, text, at) for at, text in enumerate(texts)]
    coding = code(given_, matcher, language=language)
    for mention in coding.mentions:
        assert 0 <= mention.start < mention.end <= len(texts[mention.row])
        assert -1 <= mention.text_value <= 1
        assert 0 <= mention.probability <= 1
    json.dumps(summarise(coding, three), allow_nan=False)


def test_a_language_that_is_said_is_taken(matcher: Matcher) -> None:
    coding = code([Answer(1, "good price")], matcher, language="nl")
    assert coding.languages == ["nl"]
    assert coding.mentions == []


def test_the_language_of_an_answer_weighs(matcher: Matcher) -> None:
    coding = code([Answer(1, "Top", language="de"), Answer(2, "Top", language="nl")], matcher)
    assert coding.languages == ["de", "nl"]


def test_progress_reaches_the_end(matcher: Matcher) -> None:
    heard: list[int] = []
    code([Answer(at, "x") for at in range(250)], matcher, advance=heard.append)
    assert sum(heard) == 250


def test_a_model_adds_and_takes_away(matcher: Matcher) -> None:
    source = random.Random(4)
    coded = []
    for at in range(120):
        late = source.random() < 0.4
        text = f"{'it came late' if late else 'a prize in the queue'} {at}"
        found = frozenset() if late else frozenset(["waiting"])
        coded.append(CodedText(text, found, frozenset(["waiting"] if late else [])))
    models = {"en": fit_models(coded, "en")}
    said = [Answer(1, "it came late again"), Answer(2, "a prize in the queue")]
    found = code(said, matcher, language="en", models=models).mentions
    assert [(m.row, m.theme, m.source) for m in found] == [(1, "waiting", "model")]
    assert (found[0].start, found[0].end) == (0, len(said[0].text))


def test_a_very_long_answer_is_coded_whole(matcher: Matcher, three: Codebook) -> None:
    text = (" ".join(ORDINARY) * 100)[:20_000]
    coding = code([Answer(1, text, 4)], matcher)
    assert coding.mentions[-1].end > 19_000
    assert summarise(coding, three)["answers"] == 1
