"""The pages of cases, through the real door."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from gloed.base.models import Membership, Staff, Team
from gloed.loop.cases import operations
from gloed.loop.cases.models import Absence, Case, Cause, FrontlineRoom, Mention, OpeningRule, Route
from gloed.loop.cases.rules import Asks, Outcome, Priority
from gloed.responses.operations import undo_withdraw, withdraw_answer

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def text_of(answer) -> str:
    """What a page says, without its tags."""
    body = re.sub(r"<(script|style).*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def page(client, name, /, *args, query=""):
    answer = client.get(reverse(f"cases:{name}", args=args) + query)
    assert answer.status_code == 200, (name, answer.status_code)
    return text_of(answer)


def do(client, name, /, *args, **fields):
    answer = client.post(reverse(f"cases:{name}", args=args), fields, follow=True)
    assert answer.status_code == 200, (name, answer.status_code)
    return text_of(answer)


@pytest.fixture
def owner(alice, organisation):
    """Alice as staff."""
    return Staff.objects.get(memberships__organisation=organisation)


def test_an_empty_house_says_what_will_stand_here(alice):
    assert "No customer left waiting" in page(alice, "list")
    assert "Begin with the usual three" in page(alice, "rules")
    assert "Een lage score" in do(alice, "rules_begin")
    assert OpeningRule.objects.filter(is_on=False).count() == 3


def test_the_card_shows_the_answer_first_and_takes_everything_that_is_done(alice, owner, case):
    shown = page(alice, "card", case.public_id)
    assert shown.index("Niemand belt terug") < shown.index("What happened")
    key = case.public_id
    do(alice, "assign", key, owner="me")
    do(alice, "call", key, text="Belt morgen terug", reached="no")
    assert Case.objects.get().contacted_at is None
    do(alice, "call", key, text="Uitgelegd wat er misging", reached="yes")
    do(alice, "gesture", key, gesture="thank")
    do(alice, "task", key, title="Factuur nakijken", due_on="2026-03-05")
    do(alice, "task_done", key, Case.objects.get().tasks.get().public_id, done="yes")
    do(alice, "no_room", key, text="De kosten kwijtschelden")
    cause = Cause.objects.get(name="Communicatie")
    shown = do(
        alice,
        "edit",
        key,
        read=1,
        cause=str(cause.public_id),
        cause_words="",
        done="Teruggebeld",
        told="Excuses en uitleg",
    )
    for words in (
        "called, nobody answered",
        "called, and reached the customer",
        "used a gesture: Thank",
        "has no room to solve it",
        "Factuur nakijken",
        "wrote down: Cause, What was done, What the customer was told",
    ):
        assert words in shown
    closed = do(alice, "close", key, outcome="solved")
    assert "This case is closed." in closed
    assert Case.objects.get().status == "closed"
    do(alice, "reopen", key)
    assert Case.objects.get().status == "contacted"


def test_a_gesture_shows_its_sentence_in_the_language_of_the_customer(alice, case):
    answer = alice.post(reverse("cases:gesture", args=[case.public_id]), {"gesture": "thank"})
    assert answer.status_code == 302
    assert "Dank je wel" in text_of(alice.get(answer["Location"]))


def test_an_answer_that_was_taken_back_is_marked_and_says_nothing_more(alice, organisation, case):
    assert withdraw_answer(organisation, case.response.public_id, now=NOW)
    shown = page(alice, "card", case.public_id)
    assert "This answer was taken back on" in shown
    assert "Niemand belt terug" not in shown
    assert "Niemand belt terug" not in page(alice, "list")
    undo_withdraw(organisation, case.response.public_id, now=NOW)
    assert "Niemand belt terug" in page(alice, "card", case.public_id)


def test_two_people_who_write_at_once_lose_nothing(alice, client_of, organisation, case):
    bob = client_of(organisation, "manager")
    key = case.public_id
    mine = {"cause": "", "cause_words": "", "done": "", "told": "", "read": 1}
    do(alice, "edit", key, **{**mine, "done": "Gebeld"})
    do(bob, "edit", key, **{**mine, "told": "Sorry"})  # another field: both stay
    assert (Case.objects.get().done, Case.objects.get().told) == ("Gebeld", "Sorry")
    answer = bob.post(
        reverse("cases:edit", args=[key]), {**mine, "done": "Bloemen gestuurd", "told": "Sorry"}
    )
    assert answer.status_code == 409
    shown = text_of(answer)
    assert "Gebeld" in shown
    assert "Bloemen gestuurd" in shown
    decided = {
        "read": 3,
        "cause": "",
        "cause_words": "",
        "told": "Sorry",
        "done": "Bloemen gestuurd",
        "theirs_done": "Gebeld",
        "choice_done": "both",
    }
    do(bob, "edit", key, **decided)
    assert Case.objects.get().done == "Gebeld\n\nBloemen gestuurd"


def test_a_colleague_who_is_named_hears_of_it_and_sees_it_once(
    alice, client_of, organisation, case, owner, mailoutbox
):
    from gloed.base.worker.process import run_until_idle

    bob = client_of(organisation, "manager")
    Staff.objects.filter(memberships__role="manager").update(name="Bob Bakker")
    do(alice, "note", case.public_id, text="@bob kijk jij even?")
    assert Mention.objects.get().staff.name == "Bob Bakker"
    run_until_idle()
    assert [mail.to for mail in mailoutbox if "noemt je" in mail.subject]
    assert "names you at case #1" in page(bob, "today")
    page(bob, "card", case.public_id)
    assert "names you" not in page(bob, "today")


def test_frontline_sees_the_cases_of_the_own_team_and_the_own_ones(
    client_of, organisation, answer, make_person
):
    north, south = (Team.objects.create(organisation=organisation, name=n) for n in "NZ")
    bob = client_of(organisation, "frontline", teams=[north])
    own = operations.open_case(answer(2, person=make_person("Anna A"), team=north), now=NOW)
    other = operations.open_case(answer(2, person=make_person("Cor C"), team=south), now=NOW)
    assert own.owner == Staff.objects.get(memberships__role="frontline")  # the team's least laden
    shown = page(bob, "list", query="?show=open")
    assert "Anna A" in shown
    assert "Cor C" not in shown
    assert bob.get(reverse("cases:card", args=[other.public_id])).status_code == 404
    assert bob.get(reverse("cases:rules")).status_code == 403
    assert bob.get(reverse("cases:settings")).status_code == 403


def test_a_stranger_finds_nothing(charlie, case):
    assert charlie.get(reverse("cases:card", args=[case.public_id])).status_code == 404
    assert charlie.post(reverse("cases:close", args=[case.public_id])).status_code == 404


def test_a_case_is_opened_by_hand_from_an_answer(alice, owner, answer, make_person):
    person = make_person()
    response = answer(9, "Prima, maar...", person=person)
    assert "Open a case" in page(alice, "of_answer", response.public_id)
    do(alice, "open", response.public_id)
    case = Case.objects.get()
    assert (case.owner, case.opened_how) == (owner, "hand")
    assert "Case #1" in page(alice, "of_answer", response.public_id)
    second = answer(8, person=person)
    assert "Add it to case #1" in page(alice, "of_answer", second.public_id)
    assert "#1" in page(alice, "of_person", person.public_id)


def test_rules_are_made_tried_switched_and_thrown_away(alice, answer):
    answer(2, "Ik ga opzeggen", at=datetime.now(UTC))
    rows = {
        "conditions-TOTAL_FORMS": 1,
        "conditions-INITIAL_FORMS": 0,
        "conditions-0-name": "domain",
        "conditions-0-relation": "is",
        "conditions-0-values": "example.org",
    }
    nothing = alice.post(
        reverse("cases:rule_new"),
        {"name": "Leeg", "priority": 0, "words": "", **rows, "conditions-0-name": ""},
    )
    assert nothing.status_code == 422
    do(alice, "rule_new", name="Opzeggers", words="opzeg*\n", priority=2, **rows)
    rule = OpeningRule.objects.get()
    shown = page(alice, "rule_preview", rule.public_id)
    assert "1 case out of 1 answers" in shown
    do(alice, "rule_change", rule.public_id, to="on")
    assert OpeningRule.objects.get().is_on
    do(alice, "rule_change", rule.public_id, to="delete")  # only when it is off
    do(alice, "rule_edit", rule.public_id, name="Alarm", words="opzeg*", priority=1, **rows)
    do(alice, "rule_change", rule.public_id, to="off")
    shown = do(alice, "rule_change", rule.public_id, to="delete")
    assert "The rule is gone" in shown
    assert "Begin with the usual three" in shown  # as if there never was one
    assert alice.get(reverse("cases:rule", args=[rule.public_id])).status_code == 404
    assert "Alarm" in do(alice, "rule_undo", rule.public_id)
    back = OpeningRule.objects.get()
    assert (back.name, back.is_on, back.removed_at) == ("Alarm", False, None)
    again = alice.post(reverse("cases:rule_undo", args=[rule.public_id]))
    assert again.status_code == 404  # what was not thrown away cannot be put back


def test_routes_absences_hours_room_and_causes_are_kept(alice, organisation, make_staff, case):
    team = Team.objects.create(organisation=organisation, name="Zuid")
    make_staff(organisation, "frontline", teams=[team])
    member = Membership.objects.get(role="frontline")
    rows = {"conditions-TOTAL_FORMS": 0, "conditions-INITIAL_FORMS": 0}
    fields = {"way": "turn", "team": str(team.public_id), "members": [str(member.public_id)]}
    do(alice, "route_new", name="Alles", **fields, **rows)
    do(alice, "route_new", name="Zuid eerst", **fields, teams=[str(team.public_id)], **rows)
    second = Route.objects.get(name="Zuid eerst")
    shown = do(alice, "route_change", second.public_id, to="up")
    assert shown.index("Zuid eerst") < shown.index("Alles")
    assert "about Zuid: to Zuid (Frontline), each in turn." in shown.replace("About", "about")
    assert "The route is gone" in do(alice, "route_change", second.public_id, to="delete")
    assert "Zuid eerst" in do(alice, "route_undo", second.public_id)
    do(alice, "route_change", second.public_id, to="delete")
    absence = {"who": str(member.public_id), "starts_on": "2099-01-01", "stand_in": ""}
    late = alice.post(reverse("cases:absences"), {**absence, "ends_on": "2098-01-01"})
    assert late.status_code == 422
    assert "Frontline" in do(alice, "absences", **absence, ends_on="2099-01-09")
    do(alice, "absence_delete", Absence.objects.get().public_id)
    before = Case.objects.get().due_at
    hours = {
        "weekdays": [0, 1, 2, 3, 4],
        "opens": "08:00",
        "closes": "18:00",
        "country": "NL",
        "hours_urgent": 1,
        "hours_high": 4,
        "hours_normal": 8,
        "remind_hours": 0,
        "escalate_to": "",
    }
    do(alice, "settings", **hours)
    assert Case.objects.get().due_at < before
    do(alice, "room", team="", amount="50", words="Een nieuwe sturen")
    assert "Een nieuwe sturen" in page(alice, "card", case.public_id)
    do(alice, "room", team=str(team.public_id), amount="75")
    assert FrontlineRoom.objects.count() == 2
    do(alice, "cause_add", name="Bezorging")
    assert "on the list already" in do(alice, "cause_add", name="bezorging")
    cause = Cause.objects.get(name="Bezorging")
    do(alice, "cause_change", cause.public_id, to="rename", name="Levering")
    assert "off the list" in do(alice, "cause_change", cause.public_id, to="remove")
    assert "Levering" in do(alice, "cause_undo", cause.public_id)


def test_lists_are_narrowed_by_the_address(alice, case, owner):
    operations.assign(case, owner=owner, now=NOW)
    membership = Membership.objects.get(staff=owner)
    assert "Sanne" in page(alice, "list", query=f"?show=late&owner={membership.public_id}")
    assert "Nothing waits here" in page(alice, "list", query="?show=no_room&from=2026-01-01")
    assert "Sanne" in page(alice, "list", query="?show=nonsense&from=x&team=y")


def test_what_it_brought_tells_nothing_of_too_few(alice, case):
    operations.close_case(case, Outcome.SOLVED, staff=None, now=NOW)
    assert "0 customers answered again" in page(alice, "results")


def test_priority_by_hand_moves_the_deadline(alice, case):
    do(alice, "priority", case.public_id, priority=str(Priority.URGENT.value))
    assert Case.objects.get().due_at == datetime(2026, 3, 2, 11, 30, tzinfo=UTC)
    do(alice, "priority", case.public_id, priority="9")
    assert Case.objects.get().priority == Priority.URGENT


def test_asks_know_when_they_are_empty():
    assert Asks().is_empty
    assert not Asks(consent=True).is_empty


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_asks_the_database_the_same_at_one_row_and_at_thirty(
    alice, answer, make_person, django_assert_num_queries, rows
):
    for number in range(rows):
        operations.open_case(answer(3, "Te laat", person=make_person(f"P{number} x")), now=NOW)
    page(alice, "list", query="?show=open")
    with django_assert_num_queries(12):
        shown = page(alice, "list", query="?show=open")
    assert shown.count("Te laat") == rows
