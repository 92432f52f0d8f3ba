"""The pages of testimonials: who sees what, filters in the address, and a way back from all."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from gloed.base.models import Team
from gloed.loop.testimonials import operations
from gloed.loop.testimonials.models import Testimonial as Quoted  # not a test
from gloed.people.models import Person
from tests.loop.testimonials.conftest import NOW

pytestmark = pytest.mark.django_db


def get(client, name, *args, query="", language="en"):
    answer = client.get(
        reverse(f"testimonials:{name}", args=args) + query, headers={"accept-language": language}
    )
    assert answer.status_code == 200
    return answer.text


class TestProposing:
    def test_it_begins_with_the_masked_words_of_an_answer(self, alice, say, anna):
        response = say("Top! Bel 06-12345678 gerust", person=anna)
        query = f"?answer={response.public_id}"
        text = get(alice, "new", query=query)
        assert "Top! Bel [phone] gerust</textarea>" in text
        assert "Anna, Utrecht" in text
        sent = {"words": "Top!", "shown": "initials", "places": ["wall", "site"]}
        answer = alice.post(reverse("testimonials:new") + query, sent)
        one = Quoted.objects.get()
        assert answer.url == reverse("testimonials:one", args=[one.public_id])
        assert (one.words, one.name_text, one.places) == ("Top!", "A.V.", ["wall", "site"])
        assert (one.original, one.language) == ("Top! Bel 06-12345678 gerust", "nl")
        again = alice.get(reverse("testimonials:new") + query)
        assert again.url == answer.url  # one answer, one testimonial

    def test_it_begins_with_a_person_too(self, alice, anna, client_of, organisation):
        query = f"?person={anna.public_id}"
        assert "Anna de Vries" in get(alice, "new", query=query)
        clerk = client_of(organisation, "frontline")  # may not look people up
        assert clerk.get(reverse("testimonials:new") + query).status_code == 404

    def test_words_of_nobody_are_not_quoted(self, alice, say):
        response = say("Top!")
        text = get(alice, "new", query=f"?answer={response.public_id}")
        assert "Nobody can be asked" in text
        assert "<textarea" not in text

    @pytest.mark.parametrize("query", ["?answer=x", "?person=x"])
    def test_an_address_that_means_nothing_is_not_there(self, alice, query):
        assert alice.get(reverse("testimonials:new") + query).status_code == 404

    def test_half_a_proposal_is_not_kept(self, alice, anna):
        query = f"?person={anna.public_id}"
        answer = alice.post(reverse("testimonials:new") + query, {"words": "x", "shown": "full"})
        assert answer.status_code == 422
        assert Quoted.objects.count() == 0

    def test_the_page_of_an_answer_leads_here(self, alice, say, anna, propose):
        response = say("Top!", person=anna, may_quote=True)
        text = get(alice, "of_answer", response.public_id)
        assert f"?answer={response.public_id}" in text
        assert "You still ask them which words" in text
        one = propose(response=response)
        assert reverse("testimonials:one", args=[one.public_id]) in get(
            alice, "of_answer", response.public_id
        )
        answer = alice.get(reverse("analysis:answer", args=[response.public_id]))
        assert reverse("testimonials:of_answer", args=[response.public_id]) in answer.text


class TestTheList:
    def test_who_said_yes_in_the_survey_is_offered_and_still_asked(self, alice, say, anna):
        response = say("Altijd goed geholpen", person=anna, may_quote=True)
        say("Zonder ja", person=anna)
        text = get(alice, "list")
        assert "Said they may be quoted" in text
        assert f"?answer={response.public_id}" in text
        assert "you still ask them here" in text
        assert "Zonder ja" not in text

    def test_filters_stand_in_the_address(self, alice, propose, agree, organisation, make_staff):
        rik = make_staff(organisation, "manager", email="rik@example.org")
        agree(propose("Op de muur", places=["wall"]), on_wall=True)
        operations.ask(propose("Gevraagd"), by_mail=False, by=rik, now=NOW)
        propose("Voorgesteld")
        seat = organisation.memberships.get(staff=rik).public_id

        def shown(query):
            text = get(alice, "list", query=query)
            return {w for w in ("Op de muur", "Gevraagd", "Voorgesteld") if f">{w}<" in text}

        assert shown("") == {"Op de muur", "Gevraagd", "Voorgesteld"}
        assert shown("?state=wall") == shown("?place=wall") == {"Op de muur"}
        assert shown("?place=site") == set()
        assert shown(f"?asked_by={seat}") == shown("?state=asked") == {"Gevraagd"}
        assert shown("?state=nonsense&asked_by=x") == {"Op de muur", "Gevraagd", "Voorgesteld"}

    def test_an_empty_list_teaches(self, alice):
        assert "Nobody is quoted yet" in get(alice, "list")

    def test_frontline_sees_the_own_team_and_what_they_proposed(
        self, client_of, organisation, make_staff, propose
    ):
        north = Team.objects.create(organisation=organisation, name="Noord")
        south = Team.objects.create(organisation=organisation, name="Zuid")
        staff = make_staff(organisation, "frontline", teams=[north])
        clerk = Client()
        clerk.force_login(staff)
        propose("Van Noord", team=north)
        hidden = propose("Van Zuid", team=south)
        propose("Zelf voorgesteld", by=staff)
        text = get(clerk, "list")
        assert "Van Noord" in text
        assert "Zelf voorgesteld" in text
        assert "Van Zuid" not in text
        for name in ("one", "change"):
            there = reverse(f"testimonials:{name}", args=[hidden.public_id])
            assert clerk.get(there).status_code == 404
        assert clerk.post(reverse("testimonials:wall", args=[hidden.public_id])).status_code == 403

    @pytest.mark.parametrize("rows", [1, 30])
    def test_it_asks_the_database_the_same_at_one_and_at_thirty(
        self, alice, organisation, propose, agree, say, django_assert_num_queries, rows
    ):
        for number in range(rows):
            person = Person.objects.create(
                organisation=organisation, name=f"Klant {number}", created_at=NOW
            )
            agree(propose(f"Woorden {number}", person=person, shown="full"), on_wall=True)
            say("Mag best", person=person, may_quote=True)
        get(alice, "list")
        with django_assert_num_queries(12):
            text = get(alice, "list")
        assert text.count("badge--on") == rows
        get_wall = reverse("wall:settings")
        alice.get(get_wall)
        with django_assert_num_queries(7):
            assert alice.get(get_wall).text.count("quote-row__who") == rows


class TestOne:
    def test_it_shows_what_was_agreed_and_who_asked(self, alice, propose, agree):
        one = propose("Snel geholpen", original="Heel snel geholpen")
        agree(one)
        text = get(alice, "one", one.public_id)
        assert "<del>Heel snel</del>" in text
        assert "Ik vind het goed dat Noorderlicht Energie deze woorden laat zien" in text
        assert "version 1" in text
        assert f"/your-words/{one.token}/" in text
        assert "Put it on the wall" in text

    def test_nobody_answers_for_a_customer_before_they_were_asked(self, alice, propose):
        one = propose()
        assert one.token not in get(alice, "one", one.public_id)

    def test_asking_and_taking_it_back(self, alice, propose):
        one = propose()
        there = reverse("testimonials:ask", args=[one.public_id])
        alice.post(there, {"how": "mail", "note": "Wat fijn!"})
        one.refresh_from_db()
        assert (one.state, one.note) == ("asked", "Wat fijn!")
        assert one.asked_by is not None
        text = get(alice, "one", one.public_id)
        assert "on its way" in text
        assert reverse("testimonials:ask_back", args=[one.public_id]) in text
        alice.post(reverse("testimonials:ask_back", args=[one.public_id]))
        one.refresh_from_db()
        assert one.state == "proposed"

    def test_who_may_not_be_mailed_is_told_of(self, alice, propose, anna, organisation):
        from gloed.people import operations as people

        people.suppress(organisation, anna.email, reason="opt_out", source="x", now=NOW)
        one = propose()
        alice.post(reverse("testimonials:ask", args=[one.public_id]), {"how": "mail"})
        text = get(alice, "one", one.public_id)
        assert "No mail was sent" in text
        assert one.token in text

    def test_a_change_after_consent_warns_and_can_be_taken_back(self, alice, propose, agree):
        one = propose()
        agree(one, on_wall=True)
        there = reverse("testimonials:change", args=[one.public_id])
        assert "it leaves the wall at once" in get(alice, "change", one.public_id)
        alice.post(there, {"words": "Anders", "shown": "full", "places": ["wall"]})
        back = reverse("testimonials:change_back", args=[one.public_id])
        assert back in get(alice, "one", one.public_id)
        alice.post(back)
        one.refresh_from_db()
        assert (one.state, one.words) == ("agreed", "Snel geholpen")

    def test_wall_and_away_have_a_way_back(self, alice, propose, agree):
        one = propose()
        agree(one)
        wall = reverse("testimonials:wall", args=[one.public_id])
        alice.post(wall, {"to": "on"})
        alice.post(wall, {"to": "off"})
        assert "It no longer stands on the wall." in get(alice, "one", one.public_id)
        alice.post(wall)
        one.refresh_from_db()
        assert one.on_wall_at == NOW
        alice.post(reverse("testimonials:remove", args=[one.public_id]))
        assert alice.get(reverse("testimonials:one", args=[one.public_id])).status_code == 404
        back = reverse("testimonials:restore", args=[one.public_id])
        assert back in get(alice, "list")
        alice.post(back)
        assert get(alice, "one", one.public_id)

    def test_a_refusal_is_said_kindly(self, alice, propose):
        one = propose()
        alice.post(reverse("testimonials:wall", args=[one.public_id]), {"to": "on"})
        assert "It was not put on the wall" in get(alice, "one", one.public_id)

    def test_who_reads_only_decides_nothing(self, client_of, organisation, propose):
        one = propose()
        analyst = client_of(organisation, "analyst")
        assert get(analyst, "one", one.public_id)
        wall = reverse("testimonials:wall", args=[one.public_id])
        assert analyst.post(wall, {"to": "on"}).status_code == 403
        viewer = client_of(organisation, "viewer")
        there = reverse("testimonials:one", args=[one.public_id])
        assert viewer.get(there).status_code == 403

    @pytest.mark.parametrize("state", ["proposed", "agreed", "declined", "withdrawn", "erased"])
    def test_it_reads_in_dutch_whatever_became_of_it(self, alice, propose, agree, anna, state):
        from gloed.base.models import JournalEntry
        from gloed.loop.testimonials import forgetting
        from gloed.responses.operations import erase_person

        one = propose()
        if state == "declined":
            operations.ask(one, by_mail=False, by=None, now=NOW)
            operations.decline(one, now=NOW)
        elif state != "proposed":
            agree(one)
        if state == "withdrawn":
            operations.withdraw(one, now=NOW + timedelta(days=1))
        if state == "erased":
            erase_person(anna, now=NOW)
            forgetting.hear(list(JournalEntry.objects.all()))
        text = get(alice, "one", one.public_id, language="nl")
        says = {
            "proposed": "Er is nog niets gevraagd.",
            "agreed": "De klant vindt het goed.",
            "declined": "De klant wil liever niet.",
            "withdrawn": "De klant trok het in.",
            "erased": "De klant is gewist; de woorden ook.",
        }
        assert says[state].replace(" gewist; de", " gewist, en de") in text
