"""The pages of promoters: the worklist, what is at hand, referrals, references, early access."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gloed.base.models import AuditEntry, Team
from gloed.fieldwork import operations as fieldwork
from gloed.loop.cases.operations import open_for_person
from gloed.loop.cases.rules import Because, Reason
from gloed.loop.promoters.models import (
    Ask,
    Conversion,
    EarlyAccess,
    Programme,
    Reference,
    ReferralLink,
    Trial,
)
from gloed.loop.promoters.operations import asking, references, referring, trying
from gloed.loop.promoters.rules import AskKind, How
from gloed.loop.testimonials import operations as testimonials
from gloed.loop.testimonials.rules import Place, Shown
from gloed.surveys import operations as surveys
from gloed.surveys.rules import Metric
from tests.loop.promoters.conftest import NOW

pytestmark = pytest.mark.django_db


def page(client, name, *args, query="", status=200):
    answer = client.get(reverse(f"promoters:{name}", args=args) + query)
    assert answer.status_code == status, answer.content
    return answer.content.decode()


def press(client, name, *args, **fields):
    return client.post(reverse(f"promoters:{name}", args=args), fields, follow=True)


def test_the_worklist_shows_own_words_since_when_and_what_was_asked(alice, anna, say):
    say(anna, 9, at=NOW - timedelta(days=200))
    say(anna, 6, at=NOW - timedelta(days=300))
    text = page(alice, "home")
    assert "Binnen een dag geregeld, top" in text
    assert "14 Aug 2025" in text  # the first answer in the group after the low one
    assert "never asked for anything" in text
    asking.note_ask(anna, AskKind.REFERENCE, how=How.PHONE, staff=None, now=NOW)
    assert "Anna Bos" not in page(alice, "home")  # asked: not on the list of those to ask
    assert "asked as a reference 2 Mar 2026" in page(alice, "home", query="?show=asked")


def test_only_the_latest_answer_makes_somebody_stand_there(alice, make_person, say):
    turned, late, unknown = make_person("Turned"), make_person("Late"), None
    say(turned, 10, at=NOW - timedelta(days=9))
    say(turned, 5, at=NOW - timedelta(days=2))
    say(late, 10, at=NOW - timedelta(days=500))
    say(unknown, 10)
    text = page(alice, "home", query="?show=all")
    assert "Turned" not in text
    assert "Late" not in text
    assert "Here those will stand who are glad with you" in text


def test_a_lower_answer_to_another_survey_ends_it_and_a_high_one_makes_nobody_a_promoter(
    alice, organisation, make_person, say
):
    content = surveys.usual_content(organisation, Metric.CSAT)
    made = surveys.create_survey(organisation, title="Call", content=content, now=NOW)
    calls = surveys.open_survey(made, now=NOW)
    glad, sad, caller = make_person("Glad"), make_person("Sad"), make_person("Caller")
    for person in (glad, sad):
        say(person, 9, at=NOW - timedelta(days=20))
    say(glad, 5, at=NOW - timedelta(days=2), of=calls)
    say(sad, 2, at=NOW - timedelta(days=2), of=calls)
    say(caller, 5, of=calls)
    text = page(alice, "home")
    assert "Glad" in text
    assert "Sad" not in text  # let down since: nobody asks a favour now
    assert "Caller" not in text


def test_who_never_asks_for_recommending_has_the_top_of_what_they_ask(
    alice, organisation, survey, make_person, say
):
    content = surveys.usual_content(organisation, Metric.CSAT)
    made = surveys.create_survey(organisation, title="Call", content=content, now=NOW)
    calls = surveys.open_survey(made, now=NOW)
    type(survey).objects.filter(pk=survey.pk).update(metric="csat")
    say(make_person("Caller"), 5, of=calls)
    assert "Caller" in page(alice, "home")


def test_a_frontline_colleague_sees_own_teams_only(client_of, organisation, make_person, say):
    team = Team.objects.create(organisation=organisation, name="Zuid")
    own, other = make_person("Own Customer"), make_person("Other Customer")
    say(own, 10, team=team)
    say(other, 10)
    bob = client_of(organisation, "frontline", teams=[team])
    text = page(bob, "home")
    assert "Own Customer" in text
    assert "Other Customer" not in text
    page(bob, "person", own.public_id)
    page(bob, "person", other.public_id, status=404)
    page(bob, "programme", status=403)


def test_a_stranger_sees_nothing(charlie, anna, link):
    page(charlie, "person", anna.public_id, status=404)
    page(charlie, "link", link.public_id, status=404)
    assert "Anna" not in page(charlie, "home")


@pytest.mark.parametrize("rows", [1, 30])
def test_the_worklist_asks_the_database_as_often_for_one_as_for_thirty(
    alice, make_person, say, rows, django_assert_max_num_queries
):
    for number in range(rows):
        person = make_person(f"Person {number}")
        say(person, 10, "Fijn")
        asking.note_ask(person, AskKind.THANK, how=How.PHONE, staff=None, now=NOW)
    with django_assert_max_num_queries(21):
        page(alice, "home")


def test_asking_by_telephone_is_written_down_with_what_they_said(alice, anna, programme):
    answer = press(alice, "ask", anna.public_id, "referral", how="phone", said="yes")
    assert "Written down" in answer.content.decode()
    ask = Ask.objects.get()
    assert (ask.kind, ask.how, ask.became, ask.notice) == ("referral", "phone", "yes", None)
    assert ReferralLink.objects.get().person == anna
    again = press(alice, "ask", anna.public_id, "reference", how="phone", said="no")
    assert "Was asked lately: left alone until 31 May 2026" in again.content.decode()
    assert Ask.objects.count() == 1
    thanked = press(alice, "ask", anna.public_id, "thank", how="in_person")
    assert "Written down" in thanked.content.decode()  # a thank-you asks nothing


def test_asking_by_mail_plans_one_mail_in_their_language(alice, anna, programme):
    text = page(alice, "ask", anna.public_id, "reference")
    assert "Mag iemand jou eens bellen over ons?" in text
    press(alice, "ask", anna.public_id, "reference", how="mail", subject="Mag het?", body="Beste")
    ask = Ask.objects.get()
    assert (ask.notice.became, ask.notice.purpose, ask.language) == ("waiting", "promoters", "nl")
    empty = press(alice, "ask", anna.public_id, "thank", how="mail", subject="", body="")
    assert empty.status_code == 422


def test_who_is_being_helped_or_opted_out_is_not_asked(alice, anna, make_person, say, programme):
    because = [Reason(Because.CONSENT)]
    open_for_person(anna, because=because, now=NOW)
    assert "Is being helped" in page(alice, "person", anna.public_id)
    press(alice, "ask", anna.public_id, "referral", how="phone")
    gone = make_person("Gone")
    say(gone, 10)
    fieldwork.opt_out_person(gone, how="page", now=NOW)
    press(alice, "ask", gone.public_id, "thank", how="phone")
    resting = make_person("Resting")
    say(resting, 10)
    fieldwork.quarantine(resting, now=NOW)
    assert "Was helped lately" in page(alice, "person", resting.public_id)
    press(alice, "ask", resting.public_id, "referral", how="phone")
    assert not Ask.objects.exists()
    assert not ReferralLink.objects.exists()


def test_no_word_of_a_score_about_one_person(alice, anna, link):
    reference = references.agree(
        anna, text="Ja", language="nl", how=How.PHONE, at=NOW, staff=None, now=NOW
    )
    pages = [
        page(alice, "home"),
        page(alice, "person", anna.public_id),
        page(alice, "link", link.public_id),
        page(alice, "reference", reference.public_id),
    ]
    assert not any(re.search(r"\bNPS\b|net promoter", text, re.IGNORECASE) for text in pages)


# --- referrals


def test_the_programme_is_set_up_in_own_words(alice):
    assert "Set the programme up" in page(alice, "referrals")
    fields = {"is_on": "on", "currency": "EUR", "rest_days": 60, "text_en": "Hello"}
    bad = press(alice, "programme", address="http://example.org", **fields)
    assert "https://" in bad.content.decode()
    assert not Programme.objects.exists()
    press(alice, "programme", address="https://example.org/x", **fields)
    kept = Programme.objects.get()
    assert (kept.is_on, kept.rest_days, kept.words["en"]["text"]) == (True, 60, "Hello")
    assert AuditEntry.objects.filter(action="promoters.programme").exists()


def test_a_new_customer_by_hand_counts_once_and_can_be_taken_out(alice, link):
    fields = {"customer": "N-7", "happened_on": "2026-03-01", "revenue": "1200"}
    text = press(alice, "add_conversion", link.public_id, **fields).content.decode()
    assert "Counted as recommended" in text
    assert "1,200" in text
    again = press(alice, "add_conversion", link.public_id, **fields).content.decode()
    assert "counted already" in again
    own = press(
        alice, "add_conversion", link.public_id, customer="C-1", happened_on="2026-03-01"
    ).content.decode()
    assert "it is the giver" in own
    one = Conversion.objects.get(refused="")
    undone = press(alice, "remove_conversion", one.public_id).content.decode()
    assert "does not count as recommended any more" in undone
    press(alice, "remove_conversion", one.public_id)
    one.refresh_from_db()
    assert one.removed_at is None


def test_a_file_of_new_customers_is_read_and_taken_back_whole(alice, link):
    rows = [
        "Code;Klantnummer;Datum;Omzet",
        f"{link.slug};N-1;01-03-2026;1.200,50",
        f"https://example.org/?ref={link.slug};N-2;;",
        "wrong;N-3;2026-03-01;10",
        f"{link.slug};;2026-03-01;10",
        f"{link.slug};N-5;someday;10",
    ]
    file = SimpleUploadedFile("new.csv", "\n".join(rows).encode("cp1252"))
    answer = alice.post(reverse("promoters:read_file"), {"file": file}, follow=True)
    text = answer.content.decode()
    assert "2 new customers count as recommended, 1 does not count." in text
    assert "Row 5 was left out: it has no customer." in text
    assert "Row 6 was left out: its day cannot be read." in text
    assert "nobody has this code" in text
    first = Conversion.objects.get(customer_key="N-1")
    assert (str(first.revenue), first.happened_on.isoformat()) == ("1200.50", "2026-03-01")
    press(alice, "undo_file", first.batch)
    assert not Conversion.objects.exists()
    bad = SimpleUploadedFile("bad.csv", b"a;b\n1;2")
    said = alice.post(reverse("promoters:read_file"), {"file": bad}, follow=True)
    assert "name the columns" in said.content.decode()


def test_visits_and_customers_stand_there_with_an_interval(alice, link):
    for _ in range(40):
        referring.count_visit(link, now=NOW)
    told = referring.Told(link.slug, "N-1", NOW.date())
    referring.note_conversion(link.organisation, told, source="hand", now=NOW)
    text = page(alice, "referrals")
    assert "<strong>1</strong> new customer from 40 visits" in text
    assert "3%" in text
    assert "(0% to 13%)" in text  # Wilson, 1 of 40: 0.44 to 12.88
    closed = press(alice, "turn_link", link.public_id).content.decode()
    assert "it leads nowhere" in closed
    press(alice, "turn_link", link.public_id)
    link.refresh_from_db()
    assert link.closed_at is None


@pytest.mark.parametrize("rows", [1, 30])
def test_links_cost_as_many_queries_for_one_as_for_thirty(
    alice, make_person, programme, rows, django_assert_max_num_queries
):
    for number in range(rows):
        referring.make_link(make_person(f"Giver {number}"), staff=None, now=NOW)
    with django_assert_max_num_queries(14):
        page(alice, "referrals")


# --- references


def test_a_reference_keeps_the_words_agreed_to_and_a_cap(alice, anna):
    text = page(alice, "agree", anna.public_id)
    assert "Noorderlicht Energie mag mijn naam" in text
    fields = {
        "consent_text": "Bel mij gerust", "how": "phone", "agreed_on": "2026-03-01",
        "product": "Zonnestroom", "sector": "Zorg", "languages": ["nl", "en"],
        "yearly_cap": 1, "note": "",
    }  # fmt: skip
    press(alice, "agree", anna.public_id, **fields)
    one = Reference.objects.get()
    assert (one.consent_text, one.languages, one.yearly_cap) == ("Bel mij gerust", "nl en", 1)
    assert one.consented_at.date().isoformat() == "2026-03-01"
    use = {"prospect": "De Linde", "used_on": "2026-03-02", "note": ""}
    assert "Logged" in press(alice, "reference", one.public_id, **use).content.decode()
    more = press(alice, "reference", one.public_id, **use).content.decode()
    assert "more often in a year than was agreed" in more
    listed = page(alice, "references", query="?q=zonnestroom&language=en")
    assert "1 of 1" in listed
    assert "enough this year" in listed
    assert "Nobody fits" in page(alice, "references", query="?free=now")
    assert "Nobody fits" in page(alice, "references", query="?language=de")
    press(alice, "remove_use", one.uses.get().public_id)
    assert "0 of 1" in page(alice, "references")


def test_who_stops_is_off_the_list_and_only_they_come_back(alice, anna):
    one = references.agree(
        anna, text="Ja", language="nl", how=How.PAGE, at=NOW, staff=None, now=NOW
    )
    press(alice, "withdraw", one.public_id)
    assert "Anna Bos" not in page(alice, "references")
    press(alice, "withdraw", one.public_id)  # a colleague's mistake is undone
    one.refresh_from_db()
    assert one.withdrawn_at is None
    references.withdraw(one, how=How.PAGE, staff=None, now=NOW)
    text = press(alice, "withdraw", one.public_id).content.decode()
    assert "only they can begin again" in text
    assert "ended on 2 Mar 2026" in text


@pytest.mark.parametrize("rows", [1, 30])
def test_references_cost_as_many_queries_for_one_as_for_thirty(
    alice, make_person, rows, django_assert_max_num_queries
):
    for number in range(rows):
        references.agree(
            make_person(f"Person {number}"),
            text="Ja", language="nl", how=How.PHONE, at=NOW, staff=None, now=NOW,
        )  # fmt: skip
    with django_assert_max_num_queries(18):
        page(alice, "references")


# --- early access


def test_an_early_access_list_has_places_and_keeps_what_people_say(alice, anna, make_person, say):
    press(alice, "new_list", title="Try-out of the new app", text="Two weeks", places=1)
    made = EarlyAccess.objects.get()
    wanted = {"how": "phone", "early_access": made.public_id, "said": "yes"}
    press(alice, "ask", anna.public_id, "early_access", **wanted)
    trial = Trial.objects.get()
    assert trial.status == "accepted"
    other = make_person("Bert")
    say(other, 9)
    full = press(alice, "ask", other.public_id, "early_access", **wanted).content.decode()
    assert "Every place of this list is taken" in full
    said = press(alice, "add_remark", trial.public_id, text="Works, but slowly").content.decode()
    assert "Works, but slowly" in said
    assert "1 of 1 places taken" in said
    press(alice, "move_trial", trial.public_id, to="left")
    assert "0 of 1 places" in page(alice, "references")
    gone = press(alice, "turn_list", made.public_id, do="remove").content.decode()
    assert "was taken away" in gone
    press(alice, "turn_list", made.public_id, do="restore")
    made.refresh_from_db()
    assert made.removed_at is None
    press(alice, "turn_list", made.public_id, do="close")
    press(alice, "move_trial", trial.public_id, to="accepted")
    trial.refresh_from_db()
    assert trial.status == "left"  # closed: nobody joins


def test_an_invitation_is_made_once(anna, organisation):
    values = {"title": "New app", "text": "", "places": 3}
    made = trying.keep_list(organisation, values, staff=None, now=NOW)
    first = trying.invite(made, anna, how=How.PHONE, staff=None, now=NOW)
    assert trying.invite(made, anna, how=How.PHONE, staff=None, now=NOW) == first
    assert Ask.objects.count() == 1
    assert anna.preference.offered_at == NOW  # a perk: no survey follows for a while


def test_one_rest_holds_for_testimonials_too(alice, anna, make_person, say, programme):
    def propose(person):
        wanted = testimonials.Wanted("Top geholpen", Shown.FULL, (Place.WALL,))
        return testimonials.propose(person, wanted, language="nl", by=None, now=NOW)

    def ask(one):
        url = reverse("testimonials:ask", args=[one.public_id])
        return alice.post(url, {"how": "link"}, follow=True).content.decode()

    quoted = propose(anna)
    assert "Their own page is ready." in ask(quoted)
    assert "asked for a testimonial 2 Mar 2026" in page(alice, "home", query="?show=asked")
    refused = press(alice, "ask", anna.public_id, "referral", how="phone").content.decode()
    assert "Was asked lately" in refused
    bert = make_person("Bert")
    say(bert, 10)
    press(alice, "ask", bert.public_id, "referral", how="phone")
    assert "Nothing was asked. Was asked lately" in ask(propose(bert))
