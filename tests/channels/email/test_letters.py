"""What a mail says and how its bytes look: held against snapshots in Dutch and English."""

import os
import re
from pathlib import Path

import pytest

from gloed.channels.email import letters, rules
from gloed.channels.email.models import MailDesign
from gloed.channels.email.rules import Stage, outcome_of
from gloed.channels.email.rules.blocks import USUAL, Block, BlockKind, Design, When, as_json
from gloed.channels.outcomes import Fate
from gloed.surveys import queries
from tests.channels.email.post_office import NOW, give_logo, open_survey

SNAPSHOTS = Path(__file__).parent / "snapshots"
NUMBERED = re.compile(r"\?rating=(\d+)")


def normalised(text, invitation):
    return text.replace(invitation.token, "TOKEN").replace(invitation.survey.slug, "SLUG")


def held_against(name, text):
    """Compare with the snapshot; SNAPSHOTS=new writes it anew, to be looked at."""
    path = SNAPSHOTS / name
    if os.environ.get("SNAPSHOTS") == "new":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def bodies(mail):
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    return (part.get_content().replace("\r\n", "\n") for part in (plain, html))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_mail_is_as_it_was_looked_at(office, ask, send, language):
    invitation = ask("nia@example.org", name="Nia <Vos>", language=language)
    send()
    mail = office.mail_to("nia@example.org")
    text, html = bodies(mail)
    held_against(f"{language}.txt", normalised(text, invitation))
    held_against(f"{language}.html", normalised(html, invitation))
    ours = {
        "nl": "Eén vraag van Noorderlicht Energie",
        "en": "One question from Noorderlicht Energie",
    }
    assert mail["Subject"] == ours[language]
    assert mail["From"] == "Noorderlicht Energie <vraag@gloed.example>"


def test_nothing_in_the_mail_is_fetched_or_counted(office, ask, send):
    ask("nia@example.org")
    send()
    _text, html = bodies(office.mail_to("nia@example.org"))
    assert not re.search(r"<img|src=|url\(|@import|<script|<link|background=", html)
    assert {address.split("/")[2] for address in re.findall(r'href="([^"]+)"', html)} == {
        "127.0.0.1:8000"
    }


@pytest.mark.parametrize(
    ("metric", "values"), [("nps", range(11)), ("csat", range(1, 6)), ("ces", range(1, 8))]
)
def test_every_step_of_the_scale_is_a_link_in_both_bodies(
    office, ask, send, organisation, metric, values
):
    invitation = ask("nia@example.org", about=open_survey(organisation, metric))
    send()
    for body in bodies(office.mail_to("nia@example.org")):
        assert [int(value) for value in NUMBERED.findall(body)] == list(values)
        assert f"/s/{invitation.survey.slug}/{invitation.token}/?rating=5" in body


def test_thumbs_are_words(office, ask, send, organisation):
    ask("nia@example.org", about=open_survey(organisation, "thumbs"))
    send()
    text, _html = bodies(office.mail_to("nia@example.org"))
    lines = [line for line in text.splitlines() if "?rating=" in line]
    assert len(lines) == 2
    assert not lines[0][0].isdigit()


@pytest.mark.parametrize(
    "base",
    [
        "https://g.nl",
        "https://feedback.een-hele-lange-naam-van-een-organisatie.afdeling.example.com",
        "https://" + "heel-lang-woord." * 12 + "example.com",
    ],
)
def test_one_click_headers_stay_whole_in_the_raw_bytes(office, ask, send, settings, base):
    settings.BASE_URL = base
    settings.DEFAULT_FROM_EMAIL = f"Gloed <vraag@{base.removeprefix('https://')}>"
    invitation = ask("nia@example.org")
    send()
    head = office.raw[0].partition(b"\r\n\r\n")[0].decode("ascii")
    lines = head.split("\r\n")
    assert f"List-Unsubscribe: <{base}/u/{invitation.token}/>" in lines
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    host = base.removeprefix("https://")
    assert f"List-Id: <{invitation.survey.slug.lower()}.{host}>" in lines
    assert f"Message-ID: <{invitation.public_id.hex}.0@{host}>" in lines
    assert "Auto-Submitted: auto-generated" in lines
    organisation = invitation.organisation_id
    assert f"Feedback-ID: event:survey{invitation.survey_id}:org{organisation}:gloed" in lines
    assert not any(line.lower().startswith("precedence") for line in lines)
    assert max(map(len, office.raw[0].split(b"\r\n"))) < 998


def keep(survey, blocks, **heads):
    """Give a survey a mail of its own."""
    content = as_json(Design(blocks, {name: {"nl": text} for name, text in heads.items()}))
    MailDesign.objects.create(
        organisation=survey.organisation, survey=survey, content=content, changed_at=NOW
    )


def text_block(words, **more):
    return Block("t1", BlockKind.TEXT, {"nl": words}, **more)


SCALE, FOOTER = Block("scale", BlockKind.SCALE), USUAL.blocks[-1]


def test_own_words_are_said_instead_and_cannot_break_out(office, ask, send, survey):
    opening = text_block("Eerste regel\n<b>tweede</b>", part="opening")
    sender, subject = "Team Zuid\r\nBcc: x@y.example", "Hoe was\nhet, {name|jou}?"
    keep(survey, (opening, SCALE, FOOTER), sender_name=sender, subject=subject)
    ask("nia@example.org", name="Nia\r\nBcc: z@y.example")
    send()
    mail = office.mail_to("nia@example.org")
    text, html = bodies(mail)
    assert mail["Subject"] == "Hoe was het, Nia Bcc: z@y.example?"
    assert mail["Bcc"] is None
    assert "Eerste regel\n<b>tweede</b>" in text
    assert "Eerste regel<br>&lt;b&gt;tweede&lt;/b&gt;" in html
    assert "Dank je wel!" not in text


def test_who_is_asked_is_named_and_marks_are_kept(office, ask, send, survey):
    words = "Dag {first_name|klant} uit {region},\n\n**Fijn**: [lees dit](https://a.example/{region}?b=1&c)"
    keep(survey, (text_block(words), SCALE, FOOTER))
    known = ask("nia@example.org", name="Nia Vos")
    known.person.attributes = {"region": "<Zuid>"}
    known.person.save()
    ask("nobody@example.org")
    send()
    text, html = bodies(office.mail_to("nia@example.org"))
    assert text.startswith(
        "Dag Nia uit <Zuid>,\n\nFijn: lees dit (https://a.example/{region}?b=1&c)"
    )
    assert "Dag Nia uit &lt;Zuid&gt;," in html
    assert "<strong>Fijn</strong>" in html
    assert 'href="https://a.example/{region}?b=1&amp;c"' in html
    text, _html = bodies(office.mail_to("nobody@example.org"))
    assert text.startswith("Dag klant uit,")


def test_every_kind_of_block_is_as_it_was_looked_at(office, ask, send, survey):
    blocks = (
        Block("logo", BlockKind.LOGO),
        text_block("Dag {first_name},\n\nKort en **krachtig**."),
        SCALE,
        Block("b1", BlockKind.BUTTON, {"nl": "Lees & kijk"}, detail="https://a.example/?a=1&b=2"),
        Block("b2", BlockKind.BUTTON, part="button"),
        Block("line", BlockKind.LINE),
        Block("s1", BlockKind.SIGNATURE, {"nl": "Noor de Wit\nKlantenservice"}),
        Block("space", BlockKind.SPACE),
        Block("other", BlockKind.TEXT, {"en": "Only in English"}),
        Block("again", BlockKind.TEXT, {"nl": "Nog eens"}, when=When.REMINDER),
        Block("footer", BlockKind.FOOTER, part="footer", detail="Kade 1\n1011 AB Amsterdam"),
    )
    keep(survey, blocks)
    invitation = ask("nia@example.org", name="Nia Vos")
    send()
    text, html = bodies(office.mail_to("nia@example.org"))
    held_against("blocks.txt", normalised(text, invitation))
    held_against("blocks.html", normalised(html, invitation))


def test_a_logo_travels_in_the_mail_and_is_never_fetched(office, ask, send, survey):
    give_logo(survey)
    ask("nia@example.org")
    send()
    mail = office.mail_to("nia@example.org")
    assert mail.get_content_type() == "multipart/related"
    _text, html = bodies(mail)
    [picture] = [part for part in mail.walk() if part.get_content_maintype() == "image"]
    assert picture["Content-ID"] == "<logo>"
    assert re.findall(r'src="([^"]+)"', html) == ["cid:logo"]
    assert 'alt="Noorderlicht Energie"' in html


def test_the_raw_bytes_survive_every_relay(office, ask, send, survey):
    give_logo(survey)
    ask("nia@example.org", name="Zoë Ærø " * 3)
    send()
    assert office.raw[0].isascii()
    assert max(map(len, office.raw[0].split(b"\r\n"))) < 998
    assert b"Content-Transfer-Encoding: quoted-printable" in office.raw[0]


def test_a_survey_may_have_a_sender_of_its_own(office, ask, send, survey):
    content = as_json(Design(USUAL.blocks, sender="nps@mail.gloed.example", reply_to="t@x.nl"))
    MailDesign.objects.create(
        organisation=survey.organisation, survey=survey, content=content, changed_at=NOW
    )
    ask("nia@example.org")
    send()
    mail = office.mail_to("nia@example.org")
    assert mail["From"] == "Noorderlicht Energie <nps@mail.gloed.example>"
    assert (mail["Reply-To"], office.senders) == ("t@x.nl", ["nps@mail.gloed.example"])


def test_the_mail_of_all_surveys_is_used_where_there_is_no_own(office, ask, send, survey):
    content = as_json(Design((text_block("Van ons allemaal"), SCALE, FOOTER)))
    MailDesign.objects.create(
        organisation=survey.organisation, survey=None, content=content, changed_at=NOW
    )
    ask("nia@example.org")
    send()
    text, _html = bodies(office.mail_to("nia@example.org"))
    assert text.startswith("Van ons allemaal")


@pytest.mark.parametrize(("person", "expected"), [("en-GB", "en"), ("de", "nl"), ("", "nl")])
def test_the_language_is_the_persons_or_the_surveys(person, expected):
    assert letters.language_of(person, ("nl", "en")) == expected


def test_a_letter_to_look_at_records_nothing(survey):
    asked = queries.get_asked(survey.pk)
    version = queries.get_version(survey.slug, 1)
    letter = letters.example_letter(asked, version, "nl")
    assert f"/s/preview/{survey.public_id}/?rating=9" in letter.html
    assert f"/s/{survey.slug}/" not in letter.html


@pytest.mark.parametrize(
    ("stage", "code", "text", "fate"),
    [  # RFC 5321 4.2.3 and RFC 3463 3
        (Stage.RECIPIENT, 550, "5.1.1 unknown", Fate.BOUNCED),
        (Stage.RECIPIENT, 553, "name not allowed", Fate.BOUNCED),
        (Stage.RECIPIENT, 550, "5.7.26 unauthenticated", Fate.REFUSED),
        (Stage.RECIPIENT, 552, "over quota", Fate.REFUSED),
        (Stage.RECIPIENT, 451, "4.7.1 try later", Fate.LATER),
        (Stage.BODY, 554, "spam", Fate.REFUSED),
        (Stage.BODY, 451, "busy", Fate.LATER),
        (Stage.SENDER, 530, "authenticate first", Fate.LATER),
    ],
)
def test_what_an_answer_means(stage, code, text, fate):
    outcome = outcome_of(stage, code, text)
    assert outcome.fate is fate
    assert "unknown" not in outcome.problem


def test_nobody_is_put_off_twice_into_the_same_full_minute():
    minutes = rules.pace(["a"] * 7, {}, limit=2, waiting={"a": 2})
    assert minutes == [0, 0, 2, 2, 3, 3, 4]
