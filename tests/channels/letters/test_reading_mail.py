"""Mail that comes in, read into plain values: kind, unkind and broken."""

import contextlib
from email.message import EmailMessage
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.channels.letters.rules import read_mail, text_of_html, trimmed
from gloed.channels.letters.rules.reading import LARGEST, Unreadable, is_report, read_head
from gloed.loop.letters.rules import Kind, message_id, new_token, reply_address, tokens_in

TOKEN = "abcdefghijklmnopqrst"
TO = f"Service <service+gl-{TOKEN}@gloed.example>"


def mail(text="Thanks!", *, to=TO, sender="Nia <nia@example.org>", **headers):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, "Re: About your answer"
    made["Message-ID"] = "<1@example.org>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def read(made):
    return read_mail(made.as_bytes())


def test_a_plain_answer_is_read_whole():
    found = read(mail("It works again, thank you.\n\nNia"))
    assert (found.kind, found.tokens, found.sender) == (Kind.LETTER, (TOKEN,), "nia@example.org")
    assert (found.text, found.quoted) == ("It works again, thank you.\n\nNia", "")
    assert (found.subject, found.message_id) == ("Re: About your answer", "<1@example.org>")


@pytest.mark.parametrize(
    "rest",
    [
        "On Mon, 2 Mar 2026 at 10:00, Sanne <s@gloed.example> wrote:\n> Does it work?\n> Sanne",
        "Op ma 2 mrt 2026 om 10:00 schreef Sanne <s@gloed.example>:\n\n> Werkt het?",
        "Op ma 2 mrt 2026 om 10:00 schreef Sanne van Noord\n<s@gloed.example>:\n> Werkt het?",
        "-----Oorspronkelijk bericht-----\nVan: Sanne\nVerzonden: maandag\n\nWerkt het?",
        "________________________________\nFrom: Sanne <s@gloed.example>\nSent: Monday\nTo: Nia",
        "From: Sanne <s@gloed.example>\nDate: Monday\n\nDoes it work?",
        "> Does it work?\n>\n> Sanne",
        "-- \nNia de Vries\nDirector",
    ],
)
def test_what_a_mail_program_repeats_is_set_apart(rest):
    own, quoted = trimmed(f"Yes it does.\n\n{rest}")
    assert own == "Yes it does."
    assert quoted.split() == rest.split()


def test_an_answer_between_the_lines_stays_where_it_was_written():
    text = "> Does it work?\nYes.\n> And the bill?\nNo."
    assert trimmed(text) == (text, "")


def test_what_is_only_a_quotation_is_kept_rather_than_nothing():
    assert trimmed("> Does it work?") == ("> Does it work?", "")


def test_words_that_only_look_like_a_head_stay():
    text = "From: my point of view it is solved.\nThanks"
    assert trimmed(text) == (text, "")


@given(st.text(alphabet="ab>\n-_ :wroteOnFrom", max_size=120))
def test_trimming_loses_no_word(text):
    own, quoted = trimmed(text)
    assert "".join(f"{own}\n{quoted}".split()) == "".join(text.split())


def test_html_becomes_text_and_nothing_of_it_runs():
    html = (
        "<html><head><style>p{}</style></head><body><p>Hi &amp; thanks<br>Nia</p>"
        "<script>alert(1)</script><ul><li>one<li>two</ul><a href='https://x.example/a'>here</a>"
        "<a href='javascript:alert(2)'>there</a><blockquote>old</blockquote></body></html>"
    )
    assert text_of_html(html).splitlines() == [
        "Hi & thanks",
        "Nia",
        "",
        "one",
        "two",
        "here (https://x.example/a)there",
        "> old",
    ]


def test_html_alone_is_read_and_its_quotation_trimmed():
    made = mail()
    made.set_content(
        "<div>Solved!</div><div>On Mon, 2 Mar 2026 Sanne wrote:<blockquote>Hi Nia</blockquote>",
        subtype="html",
    )
    found = read(made)
    assert found.text == "Solved!"
    assert "> Hi Nia" in found.quoted


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; type=x"},
        {"X_Autoreply": "yes"},
        {"Precedence": "bulk"},
        {"List_Id": "<a.example>"},
        {"Return_Path": "<>"},
    ],
)
def test_what_a_machine_answered_is_known_as_such(headers):
    assert read(mail("I am away", **headers)).kind is Kind.AUTO_REPLY


@pytest.mark.parametrize("subject", ["Automatisch antwoord: hoi", "Out of office", "Afwezig: hoi"])
def test_so_is_an_absence_that_only_its_subject_tells(subject):
    made = mail("away")
    del made["Subject"]
    made["Subject"] = subject
    assert read(made).kind is Kind.AUTO_REPLY


def test_a_person_who_says_no_machine_wrote_it_is_believed():
    assert read(mail(Auto_Submitted="no")).kind is Kind.LETTER


def report(letter_id, action="failed"):
    """What a mail server sends back (RFC 3464), as it stands on the line."""
    return f"""From: MAILER-DAEMON@mx.example
To: {TO}
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; nia@example.org
Action: {action}
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: {letter_id}
Subject: x

--b--
""".encode()


def test_a_report_of_delivery_names_its_letter_and_the_code():
    ours = message_id(UUID(int=7), TOKEN, "gloed.example")
    found = read_mail(report(ours))
    assert (found.kind, found.problem, found.tokens) == (Kind.BOUNCE, "5.1.1", (TOKEN,))
    assert ours in found.about
    assert found.about.startswith("failed")
    assert is_report(report(ours))
    assert not is_report(mail().as_bytes())


def test_the_thread_alone_finds_the_conversation():
    made = mail(to="service@gloed.example", References=message_id(UUID(int=1), TOKEN, "g.example"))
    assert read(made).tokens == (TOKEN,)
    assert tokens_in(*read_head(made.as_bytes())) == (TOKEN,)
    assert tokens_in(*read_head(mail(to="service@gloed.example").as_bytes())) == ()


def test_small_safe_things_are_kept_and_the_rest_is_only_named():
    made = mail("See the picture")
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 100
    made.add_attachment(png, maintype="image", subtype="png", filename="../../bill.png")
    made.add_attachment(b"MZ" * 9, maintype="image", subtype="jpeg", filename="not.jpg")
    made.add_attachment(b"MZ", maintype="application", subtype="x-msdownload", filename="run.exe")
    made.add_attachment(
        b"%PDF-" + b"0" * 2_000_000, maintype="application", subtype="pdf", filename="big.pdf"
    )
    found = read(made)
    assert [(one.name, one.data is not None) for one in found.parcels] == [
        ("bill.png", True),
        ("not.jpg", False),
        ("run.exe", False),
        ("big.pdf", False),
    ]
    assert found.text == "See the picture"


def test_signs_that_hide_or_turn_words_do_not_come_in():
    found = read(mail("pay\x00ment \u202eevil\u202c now\x07"))
    assert found.text == "payment evil now"


def test_a_mail_that_is_too_large_is_read_as_far_as_allowed():
    made = mail("Look")
    made.add_attachment(b"a" * (LARGEST + 10), maintype="video", subtype="mp4", filename="v.mp4")
    found = read(made)
    assert (found.text, found.is_cut) == ("Look", True)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff\xfe garbage",
        b"From: =?utf-8?b?!!!?=\nTo: <\n\nhello",
        b"Content-Type: text/plain; charset=no-such\n\nhello",
        b"Content-Type: multipart/mixed\n\nno boundary",
        b"Content-Transfer-Encoding: base64\n\n####",
        b"Subject: =?x?q?a?=\nFrom: a@b\n\n" + b"\xff" * 9,
    ],
)
def test_broken_mail_never_breaks_the_reading(data):
    with contextlib.suppress(Unreadable):
        assert isinstance(read_mail(data).text, str)


def test_a_mail_nested_beyond_reason_is_refused():
    inner = b"Content-Type: text/plain\n\nhello"
    for _depth in range(3000):
        inner = b"Content-Type: message/rfc822\n\n" + inner
    with contextlib.suppress(Unreadable):
        read_mail(inner)


@given(st.binary(max_size=400))
def test_any_bytes_at_all_are_read_or_refused(data):
    with contextlib.suppress(Unreadable):
        read_mail(b"From: a@b.example\n" + data)


def test_an_address_brings_its_word_back_whatever_a_server_does_to_its_letters():
    token = new_token()
    address = reply_address("service@gloed.example", token)
    assert tokens_in(address.upper()) == (token,)
    assert tokens_in(f"Sanne <{address}>, other@example.org") == (token,)
    assert tokens_in("service+gl-short@gloed.example", "service@gloed.example") == ()
