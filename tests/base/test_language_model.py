"""A language model is asked for a form, sees masked text alone, and can be wrong in any way."""

import socket
import threading

import pytest

from gloed.base.language_model import (
    LanguageModel,
    NoReply,
    Question,
    Silence,
    ask,
    check_schema,
    configured,
)
from tests.base.fake_model import completion, fake_model

NAME = {"type": "object", "properties": {"name": {"type": "string", "maxLength": 40}}}
SAID = "Slow delivery, mail me at jan@example.org or call 06-12345678."


def question(text=SAID):
    return Question("Name this subject.", text, NAME)


def silence(answer, **more):
    """Why nothing usable came back."""
    with fake_model(answer, **more) as (url, _heard), pytest.raises(NoReply) as problem:
        ask(LanguageModel(url, "small"), question())
    assert "jan" not in str(problem.value)
    return problem.value.why


def test_it_comes_without_a_model():
    assert configured() is None


def test_the_settings_name_a_model(settings):
    settings.LANGUAGE_MODEL_URL, settings.LANGUAGE_MODEL = "https://model.example/v1", "small"
    settings.LANGUAGE_MODEL_KEY, settings.LANGUAGE_MODEL_SECONDS = "secret-key", 7
    model = configured()
    assert (model.url, model.name, model.seconds) == ("https://model.example/v1", "small", 7)
    assert "secret-key" not in repr(model)


def test_it_says_what_was_asked_and_sees_masked_text_alone():
    with fake_model(lambda _asked: {"name": "Delivery"}) as (url, heard):
        assert ask(LanguageModel(url, "small", "k"), question()) == {"name": "Delivery"}
    headers, asked = heard[0]
    assert headers["Authorization"] == "Bearer k"
    assert (asked["model"], asked["temperature"], asked["seed"]) == ("small", 0, 0)
    assert asked["response_format"]["json_schema"]["schema"] == NAME
    seen = asked["messages"][1]["content"]
    assert "Slow delivery" in seen
    assert "jan@" not in seen
    assert "12345678" not in seen


def test_a_form_in_a_fence_of_markdown_is_read():
    fenced = completion('```json\n{"name": "Delivery"}\n```')
    with fake_model(lambda _asked: fenced) as (url, _heard):
        assert ask(LanguageModel(url, "small"), question())["name"] == "Delivery"


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"<html>busy</html>",
        b"[]",
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": null}}]}',
        completion("Sure! Here is the name."),
        completion('{"name": 3}'),
        completion('{"name": "x", "more": "y"}'),
        completion('{"name": "' + 41 * "x" + '"}'),
        completion('["Delivery"]'),
        completion(5000 * "["),
    ],
)
def test_nonsense_is_as_if_it_had_said_nothing(reply):
    assert silence(lambda _asked: reply) is Silence.NONSENSE


def test_it_never_writes_a_number():
    assert silence(lambda _asked: {"name": "47% want faster delivery"}) is Silence.NUMBER
    for kind in ("number", "integer", None):
        with pytest.raises(ValueError, match="not asked for"):
            check_schema({"type": "object", "properties": {"share": {"type": kind}}})


def test_a_number_of_the_question_may_be_repeated():
    with fake_model(lambda _asked: {"name": "The 5 pm slot"}) as (url, _heard):
        said = ask(LanguageModel(url, "small"), question("They never keep the 5 pm slot"))
    assert said["name"] == "The 5 pm slot"


def test_a_refusal_slowness_and_absence_are_told_apart():
    assert silence(lambda _asked: {}, status=429) is Silence.REFUSED
    until = threading.Event()
    with fake_model(lambda _asked: {"name": "x"}, until=until) as (url, _heard):
        with pytest.raises(NoReply) as slow:
            ask(LanguageModel(url, "small", seconds=0.2), question())
        until.set()
    assert slow.value.why is Silence.SLOW
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(NoReply) as away:
        ask(LanguageModel(f"http://127.0.0.1:{port}/v1", "small"), question())
    assert away.value.why is Silence.AWAY


def test_the_same_question_has_the_same_key_and_another_one_another():
    model = LanguageModel("http://127.0.0.1:1/v1", "small")
    key = question().key(model)
    assert key == question().key(LanguageModel(model.url, model.name, "another key", 1.0))
    assert key != question("Another text").key(model)
    assert key != question().key(LanguageModel(model.url, "large"))
    assert key != Question("Other task.", SAID, NAME).key(model)
