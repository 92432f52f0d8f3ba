"""An improvement points at a goal that is set, and the notes of a workshop become ideas."""

from datetime import timedelta

import pytest
from django.urls import reverse

from gloed.analysis.goals import operations as goals
from gloed.base.models import Membership
from gloed.loop.improvements import operations
from gloed.loop.improvements.models import Improvement
from gloed.loop.improvements.rules import Status
from gloed.surveys.models import Touchpoint
from tests.loop.improvements.conftest import NOW

pytestmark = pytest.mark.django_db
VALUES = {"title": "Call back within an hour", "board": "fix", "kind": "other"}


@pytest.fixture
def goal(organisation, survey):
    """A goal that stands."""
    values = {
        "name": "NPS 30", "about": str(survey.public_id), "value": 30.0,
        "due_on": NOW.date() + timedelta(days=90),
    }  # fmt: skip
    return goals.set_goal(organisation, values, by=None, today=NOW.date(), now=NOW)


def get(client, name, *args, query=""):
    answer = client.get(reverse(f"improvements:{name}", args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_goals_there_are_only_own_words(alice):
    text = get(alice, "new")
    assert 'name="aim"' not in text
    assert "Which strategic goal does it serve?" in text


def test_it_points_at_a_goal_and_follows_its_name(alice, goal):
    text = get(alice, "new", query=f"?goal={goal.public_id}")
    assert f'value="{goal.public_id}" selected' in text
    alice.post(reverse("improvements:new"), {**VALUES, "aim": goal.public_id, "goal": "or else"})
    made = Improvement.objects.get()
    assert (made.goal_key, made.goal) == (goal.public_id, "NPS 30")
    goals.change_goal(goal, {"name": "NPS 30 by June"}, by=None, now=NOW)
    page = get(alice, "detail", made.public_id)
    assert "NPS 30 by June" in page
    assert reverse("goals:detail", args=[goal.public_id]) in page
    # changing something else keeps it; own words let go of it
    change = reverse("improvements:change", args=[made.public_id])
    assert f'value="{goal.public_id}" selected' in alice.get(change).content.decode()
    alice.post(change, {**VALUES, "aim": goal.public_id, "cause": "Nobody calls"})
    made.refresh_from_db()
    assert (made.goal_key, made.goal) == (goal.public_id, "NPS 30 by June")
    alice.post(change, {**VALUES, "aim": "", "goal": "Easy to reach"})
    made.refresh_from_db()
    assert (made.goal_key, made.goal) == (None, "Easy to reach")


def test_a_goal_that_is_taken_away_stands_out_until_it_comes_back(alice, goal, improve):
    made = improve(goal="NPS 30", goal_key=goal.public_id)
    assert "Answer within a day" not in get(alice, "list", query="?sign=no_goal")
    goals.remove_goal(goal, by=None, now=NOW)
    assert "Answer within a day" in get(alice, "list", query="?sign=no_goal")
    page = get(alice, "detail", made.public_id)
    assert "was taken away: this leaks energy" in page
    change = reverse("improvements:change", args=[made.public_id])
    assert "NPS 30 (taken away)" in alice.get(change).content.decode()
    alice.post(change, {**VALUES, "aim": goal.public_id})  # saving something else hides no leak
    made.refresh_from_db()
    assert (made.goal_key, made.goal) == (goal.public_id, "NPS 30")
    goals.restore_goal(goal, by=None, now=NOW)
    assert "Call back" not in get(alice, "list", query="?sign=no_goal")


def test_other_words_let_go_of_the_goal(improve, goal):
    made = improve(goal="NPS 30", goal_key=goal.public_id)
    operations.change_improvement(made, {"cause": "x"}, by=None, now=NOW)
    assert made.goal_key == goal.public_id
    operations.change_improvement(made, {"goal": "Fewer calls"}, by=None, now=NOW)
    assert (made.goal_key, made.goal) == (None, "Fewer calls")


def test_a_goal_lists_what_is_done_for_it(alice, goal, improve, settings, tmp_path):
    settings.PROJECTION = tmp_path / "projection"
    address = reverse("goals:detail", args=[goal.public_id])
    page = alice.get(address).content.decode()
    assert "No improvement serves this goal yet" in page
    assert f"?goal={goal.public_id}" in page
    improve("Answer within a day", goal="NPS 30", goal_key=goal.public_id)
    dropped = improve("Something else", goal="NPS 30", goal_key=goal.public_id)
    operations.move(dropped, to=Status.DROPPED, by=None, now=NOW)
    page = alice.get(address).content.decode()
    assert "Answer within a day" in page
    assert "Something else" not in page


def test_every_line_of_a_workshop_becomes_an_idea_and_all_can_be_taken_back(alice, organisation):
    moment = Touchpoint.objects.create(organisation=organisation, name="Bill")
    text = get(alice, "workshop", query=f"?touchpoint={moment.public_id}")
    assert f'value="{moment.public_id}" selected' in text
    given = {
        "name": "Journey day", "board": "fix", "touchpoint": moment.public_id,
        "notes": "- Explain the bill\n\n• Call before we come\nExplain the bill\n",
    }  # fmt: skip
    answer = alice.post(reverse("improvements:workshop"), given, follow=True)
    page = answer.content.decode()
    assert "2 ideas were noted." in page
    made = list(Improvement.objects.order_by("pk"))
    assert [one.title for one in made] == ["Explain the bill", "Call before we come"]
    assert {(one.origin, one.origin_note, one.touchpoint) for one in made} == {
        ("workshop", "Journey day", moment)
    }
    operations.move(made[0], to=Status.STARTED, by=None, now=NOW)  # somebody has begun
    undo = {"undo": " ".join(one.public_id.hex for one in made) + " rubbish"}
    alice.post(reverse("improvements:workshop_undo"), undo)
    assert [one.title for one in Improvement.objects.alive()] == ["Explain the bill"]


@pytest.mark.parametrize(
    ("notes", "told"),
    [
        ("- \n •", "no idea in it yet"),
        ("\n".join(f"Idea {n}" for n in range(51)), "at most 50"),
        ("x" * 161, "longer than the 160"),
    ],
)
def test_notes_that_cannot_be_taken_over_say_why(alice, notes, told):
    given = {"name": "Journey day", "board": "fix", "notes": notes}
    answer = alice.post(reverse("improvements:workshop"), given)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Improvement.objects.exists()


def test_who_only_reads_takes_no_notes_over(client_of, organisation, improve):
    viewer = client_of(organisation, "viewer")
    assert viewer.get(reverse("improvements:workshop")).status_code == 403
    made = improve(origin="workshop")
    undo = {"undo": made.public_id.hex}
    other = client_of(organisation, "manager")
    other.post(reverse("improvements:workshop_undo"), undo)  # not what they noted
    assert Improvement.objects.alive().filter(pk=made.pk).exists()
    assert Membership.objects.filter(organisation=organisation).count() == 2
