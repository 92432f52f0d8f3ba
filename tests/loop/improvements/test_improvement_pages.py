"""Improvements as colleagues see and move them."""

from datetime import date

import pytest
from django.urls import reverse

from gloed.base.models import JournalEntry, Membership, Team
from gloed.loop.improvements import operations
from gloed.loop.improvements.models import Improvement
from gloed.loop.improvements.rules import Status
from gloed.surveys.models import Touchpoint
from tests.loop.improvements.conftest import NOW

pytestmark = pytest.mark.django_db


def get(client, name, *args, query="", status=200):
    answer = client.get(
        reverse(f"improvements:{name}", args=args) + query, headers={"accept-language": "en"}
    )
    assert answer.status_code == status
    return answer.content.decode()


def post(client, name, *args, **data):
    answer = client.post(reverse(f"improvements:{name}", args=args), data)
    assert answer.status_code == 302
    return answer


def news():
    return list(JournalEntry.objects.order_by("pk").values_list("kind", flat=True))


def test_empty_pages_teach(alice):
    for page in ("list", "board", "timeline"):
        text = get(alice, page)
        assert "Here stands what you improve" in text
        assert reverse("improvements:new") in text


def test_an_idea_with_an_owner_and_a_day_is_a_plan(alice, organisation):
    owner = Membership.objects.get(organisation=organisation)
    values = {"title": "Call back within an hour", "board": "fix", "kind": "lead_time"}
    planned = {"owner": owner.public_id, "due_on": "2026-05-01", "goal": "Easy to reach"}
    answer = post(alice, "new", **values, **planned)
    made = Improvement.objects.get()
    assert answer.url == reverse("improvements:detail", args=[made.public_id])
    assert (made.status, made.kind, made.goal) == ("planned", "lead_time", "Easy to reach")
    assert news() == ["improvement.created", "improvement.planned"]
    assert "Call back within an hour" in get(alice, "board", query="?board=fix")
    assert "Call back within an hour" not in get(alice, "board", query="?board=keep")


def test_what_cannot_be_is_told_beside_the_field(alice):
    values = {"title": "X", "board": "fix", "kind": "other"}
    dates = {"starts_on": "2026-05-02", "due_on": "2026-05-01"}
    answer = alice.post(reverse("improvements:new"), {**values, **dates})
    assert answer.status_code == 422
    assert "before it starts" in answer.content.decode()
    assert not Improvement.objects.exists()


def test_it_begins_with_what_the_address_knows(alice, organisation, say):
    response = say("The letter came after the bill")
    moment = Touchpoint.objects.create(organisation=organisation, name="Bill")
    query = (
        f"?answer={response.public_id}&touchpoint={moment.public_id}&attr:Region=Noord"
        "&from=workshop&note=Journey%20day&answer=rubbish"
    )
    text = get(alice, "new", query=query)
    assert "The letter came after the bill" in text
    assert "Region: Noord" in text
    url = reverse("improvements:new") + query
    alice.post(url, {"title": "Letter first", "board": "fix", "kind": "communication"})
    made = Improvement.objects.get()
    assert (made.segment, made.origin) == ({"attr:Region": "Noord"}, "workshop")
    assert made.origin_note == "Journey day"
    assert [proof.response for proof in made.evidence.all()] == [response]


def test_late_and_ownerless_stand_out_and_leave_when_done(alice, improve):
    made = improve(due_on=date(2026, 2, 1))
    text = get(alice, "board")
    assert "Overdue" in text
    assert "Nobody owns it" in text
    assert "Answer within" in get(alice, "list", query="?sign=overdue")
    operations.move(made, to=Status.FINISHED, by=None, now=NOW)
    assert "Overdue" not in get(alice, "board")
    assert "No improvement fits" in get(alice, "list", query="?sign=overdue")


def test_a_card_moves_by_its_own_form_and_comes_back_to_its_board(alice, improve):
    made = improve()
    board = reverse("improvements:board")
    assert post(alice, "move", made.public_id, to="started", next=board).url == board
    made.refresh_from_db()
    assert (made.status, made.started_at) == ("started", NOW)
    assert post(alice, "move", made.public_id, to="idea", next="//elsewhere.example").url == (
        reverse("improvements:detail", args=[made.public_id])
    )
    made.refresh_from_db()
    assert made.started_at == NOW  # what was fixed before the first start stays fixed
    post(alice, "move", made.public_id, to="nonsense")


def test_finishing_says_what_was_done(alice, improve):
    made = improve()
    asks = post(alice, "move", made.public_id, to="finished").url
    assert asks == reverse("improvements:finish", args=[made.public_id])
    assert "in words a customer understands" in get(alice, "finish", made.public_id)
    post(alice, "finish", made.public_id, outcome="We answer within a day now.")
    made.refresh_from_db()
    assert (made.status, made.outcome) == ("finished", "We answer within a day now.")
    assert news()[-1] == "improvement.finished"
    operations.move(made, to=Status.STARTED, by=None, now=NOW)
    assert news()[-1] == "improvement.reopened"


def test_what_is_taken_away_comes_back_whole(alice, improve):
    made = improve()
    assert post(alice, "remove", made.public_id).url == reverse("improvements:list")
    text = get(alice, "list")
    assert reverse("improvements:restore", args=[made.public_id]) in text
    get(alice, "detail", made.public_id, status=404)
    post(alice, "restore", made.public_id)
    assert "Answer within a day" in get(alice, "detail", made.public_id)


def test_steps_are_ticked_off_and_taken_out_and_put_back(alice, improve):
    made = improve()
    post(alice, "add_step", made.public_id, title="Ask the planners", due_on="2026-02-20")
    step = made.steps.get()
    assert "A step is overdue" in get(alice, "detail", made.public_id)
    post(alice, "change_step", step.public_id, do="done")
    assert "A step is overdue" not in get(alice, "detail", made.public_id)
    post(alice, "change_step", step.public_id, do="remove")
    text = get(alice, "detail", made.public_id)
    assert text.count("Ask the planners") == 1  # only in the offer to undo
    post(alice, "change_step", step.public_id)
    step.refresh_from_db()
    assert (step.removed_at, step.done_at) == (None, NOW)
    empty = alice.post(reverse("improvements:add_step", args=[made.public_id]), {"title": ""})
    assert empty.status_code == 422


def test_anybody_who_reads_an_answer_posts_a_quick_win(client_of, organisation, say):
    zuid = Team.objects.create(organisation=organisation, name="Zuid")
    bob = client_of(organisation, "frontline", teams=[zuid])
    own, other = say("Nobody called", team=zuid), say("Not ours")
    assert "Nobody called" in get(bob, "quick_win", own.public_id)
    get(bob, "quick_win", other.public_id, status=404)
    post(bob, "quick_win", own.public_id, title="Call today", board="fix", is_mine="on")
    made = Improvement.objects.get()
    assert (made.is_quick_win, made.team, made.cause) == (True, zuid, "")  # their words stay theirs
    assert made.owner.staff.email.startswith("frontline")
    assert "Call today" in get(bob, "of_answer", own.public_id)


def test_an_answer_is_linked_dropped_and_brought_back(alice, improve, say):
    made, response = improve(), say("Nobody called")
    post(alice, "link_answer", made.public_id, answer=response.public_id)
    assert "Nobody called" in get(alice, "detail", made.public_id)
    post(alice, "link_answer", made.public_id, drop=response.public_id)
    text = get(alice, "detail", made.public_id)
    assert "Nobody called" not in text
    assert str(response.public_id) in text  # the way back
    post(alice, "link_answer", made.public_id, undo=response.public_id)
    assert made.evidence.count() == 1


def test_a_frontline_colleague_sees_the_own_team_and_nobody_elses(client_of, organisation, improve):
    zuid = Team.objects.create(organisation=organisation, name="Zuid")
    noord = Team.objects.create(organisation=organisation, name="Noord")
    theirs, ours = improve("Theirs", team=noord), improve("Ours", team=zuid)
    improve("Everybody's")
    bob = client_of(organisation, "frontline", teams=[zuid])
    text = get(bob, "list")
    assert "Theirs" not in text
    assert "Ours" in text
    assert "Everybody" in text
    get(bob, "detail", theirs.public_id, status=404)
    get(bob, "detail", ours.public_id)


def test_charlie_finds_nothing(charlie, improve):
    made = improve()
    get(charlie, "detail", made.public_id, status=404)
    there = reverse("improvements:move", args=[made.public_id])
    assert charlie.post(there, {"to": "started"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(("page", "queries"), [("list", 7), ("board", 9), ("timeline", 5)])
def test_as_many_questions_at_one_row_as_at_thirty(
    alice, improve, django_assert_num_queries, rows, page, queries
):
    for number in range(rows):
        made = improve(f"Improvement {number}", due_on=date(2026, 5, 1))
        operations.add_step(made, "First", due_on=None, now=NOW)
    get(alice, page)
    with django_assert_num_queries(queries):
        assert get(alice, page).count("</h3>" if page == "board" else "Improvement ") >= rows


def test_from_a_case_come_its_answers_and_its_cause(alice, organisation, say):
    from gloed.loop.cases.operations import open_case

    response = say("Nobody called")
    case = open_case(response, now=NOW)
    query = f"?case={case.public_id}"
    text = get(alice, "of_case", case.public_id)
    assert reverse("improvements:new") + query in text
    assert f"Case #{case.number}" in get(alice, "new", query=query)
    url = reverse("improvements:new") + query
    alice.post(url, {"title": "Call back", "board": "fix", "kind": "lead_time"})
    made = Improvement.objects.get()
    assert (made.origin, list(made.cases.all())) == ("case", [case])
    assert [one.response for one in made.evidence.all()] == [response]
    assert f"#{case.number}" in get(alice, "detail", made.public_id)
    assert "Call back" in get(alice, "of_case", case.public_id)
