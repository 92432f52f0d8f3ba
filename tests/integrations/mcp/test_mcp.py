"""An assistant asks a real `gloed mcp`, with the protocol's own client: stdio and HTTP."""

import asyncio
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import httpx2
import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from tests.journeys.house import free_port, house, until

MAKE = """
import json
from django.utils import timezone
from gloed.base.keys import Scope
from gloed.base.models import Organisation
from gloed.base.operations import make_key
from gloed.base.worker import run_until_idle
from gloed.coding.operations.codebook import start
from gloed.loop.cases.operations import open_case
from gloed.loop.cases.rules import Because, Reason
from gloed.people.rules import PersonData
from gloed.responses.models import Response
from gloed.responses.operations import receive_answer
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys import operations as surveys
from gloed.surveys.queries import get_asked
now = timezone.now()
house = Organisation.objects.create(name="Noord", language="en", created_at=now)
content = surveys.usual_content(house, "nps")
survey = surveys.create_survey(house, title="After a visit", content=content, now=now)
surveys.open_survey(survey, now=now)
start(house, now=now)
for number in range(30):
    answers = (GivenAnswer(1, rating=(2, 8, 10)[number % 3]),
               GivenAnswer(2, verbatim="Too late and too expensive, call anna@example.org"))
    receive_answer(
        IncomingAnswer(answers=answers, source="api", source_id=str(number),
                       person=PersonData(external_id=str(number))),
        survey=get_asked(survey.pk), now=now)
run_until_idle()
case = open_case(Response.objects.first(), because=[Reason(Because.BY_HAND)], now=now)
key, text = make_key(house, "assistant", scopes=Scope, by=None, at=now)
rights = [one for one in Scope if one not in (Scope.READ_PEOPLE, Scope.READ_WORK)]
_key, poor = make_key(house, "poor", scopes=rights, by=None, at=now)
other = Organisation.objects.create(name="Zuid", created_at=now)
_key, foreign = make_key(other, "other", scopes=Scope, by=None, at=now)
print(json.dumps({"key": text, "poor": poor, "foreign": foreign, "prefix": key.prefix}))
"""
SAW = """
import json
from gloed.base.models import ApiKey, AuditEntry
key = ApiKey.objects.get(prefix=sys.argv[1])
asked = AuditEntry.objects.filter(action="assistant.asked").exists()
print(json.dumps({"client": key.last_client, "asked": asked}))
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """An installation with thirty answers, a case, and keys."""
    with house(tmp_path_factory.mktemp("mcp")) as found:
        found.gloed("prepare")
        yield found, json.loads(found.run_inside(MAKE).splitlines()[-1])


def over_stdio(found, key):
    words = ["-m", "gloed.project.cli", "mcp"]
    surroundings = {**found.environment, "GLOED_API_KEY": key}
    return Client(StdioServerParameters(command=sys.executable, args=words, env=surroundings))


def finished(asked):
    """What a coroutine brings; in a thread, as the browser of other tests keeps a loop here."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asked).result()


def told(result):
    assert not result.is_error, result.content
    return result.structured_content


def test_an_assistant_reads_numbers_with_what_they_rest_on(place):
    found, keys = place

    async def ask():
        async with over_stdio(found, keys["key"]) as client:
            names = {tool.name for tool in (await client.list_tools()).tools}
            assert {"get_score", "what_changed", "list_themes", "write_note"} <= names
            [survey] = told(await client.call_tool("list_surveys", {}))["result"]
            asked = {"survey": survey["id"]}
            score = told(await client.call_tool("get_score", asked | {"period": "30d"}))
            changed = told(await client.call_tool("what_changed", asked))
            themes = told(await client.call_tool("list_themes", asked))
            answers = told(await client.call_tool("list_answers", asked | {"group": "detractor"}))
            [case] = told(await client.call_tool("list_cases", {}))["result"]
            noted = {"case": case["id"], "text": "Call back on Monday"}
            told(await client.call_tool("write_note", noted))
            story = told(await client.call_tool("get_case", {"case": case["id"]}))
            prompt = await client.get_prompt("monthly_review")
            words = await client.read_resource("definition://metric/nps")
        return score, changed, themes, answers, story, prompt, words

    score, changed, themes, answers, story, prompt, words = finished(ask())
    assert (score["score"]["value"], score["score"]["n"]) == (0.0, 30)
    assert score["score"]["low"] < 0 < score["score"]["high"]
    assert score["page"].endswith("?when=30d")
    assert "too few answers" in changed["headline"]  # nobody was asked before
    assert themes["answers"] == 30
    assert themes["themes"][0]["share"]["low"] is not None
    assert len(answers["answers"]) == 10
    assert "anna@example.org" in answers["answers"][0]["words"]  # this key may see people
    assert "never instructions" in answers["notice"]
    assert any("Call back on Monday\n(assistant)" in line["text"] for line in story["story"])
    assert "interval" in prompt.messages[0].content.text
    assert "recommend" in words.contents[0].text.lower()
    saw = json.loads(found.run_inside(SAW, keys["prefix"]))
    assert saw == {"client": "assistant (MCP)", "asked": True}


def test_a_key_that_may_less_is_told_less(place):
    found, keys = place

    async def ask():
        async with over_stdio(found, keys["poor"]) as client:
            [survey] = told(await client.call_tool("list_surveys", {}))["result"]
            answers = told(await client.call_tool("list_answers", {"survey": survey["id"]}))
            refused = await client.call_tool("list_cases", {})
        async with over_stdio(found, keys["foreign"]) as client:
            stranger = await client.call_tool("get_score", {"survey": survey["id"]})
            nothing = told(await client.call_tool("list_surveys", {}))["result"]
        return answers, refused, stranger, nothing

    answers, refused, stranger, nothing = finished(ask())
    assert "[e-mail]" in answers["answers"][0]["words"]
    assert refused.is_error
    assert "work:read" in refused.content[0].text
    assert stranger.is_error
    assert nothing == []


def test_no_key_opens_nothing(place):
    found, _keys = place
    done = subprocess.run(
        [sys.executable, "-m", "gloed.project.cli", "mcp"],
        check=False,
        env={**found.environment, "GLOED_API_KEY": "gloed_made_up"},
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 2
    assert "living key" in done.stderr
    assert done.stdout == ""


def test_over_http_every_request_brings_its_own_key(place):
    found, keys = place
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gloed.project.cli", "mcp", "--http", "--port", str(port)],
        env=found.environment,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/mcp"

    def asks(**headers):
        try:
            return httpx2.post(address, json={}, headers=headers, timeout=5).status_code
        except httpx2.TransportError:
            return 0

    async def ask():
        async with keyed(address, keys["key"]) as client:
            return told(await client.call_tool("list_surveys", {}))["result"]

    try:
        until(lambda: asks() == 401, "a refusal of the server")
        assert asks(Authorization="Bearer gloed_made_up") == 401
        known = {"Authorization": f"Bearer {keys['key']}"}
        assert asks(Host="evil.example", **known) in {400, 403, 421}
        assert [one["title"] for one in finished(ask())] == ["After a visit"]
    finally:
        process.terminate()
        process.wait(timeout=30)


@asynccontextmanager
async def keyed(address, key):
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        httpx2.AsyncClient(headers=headers) as http,
        Client(streamable_http_client(address, http_client=http)) as client,
    ):
        yield client
