"""The report: what it says, that it loads nothing, and that a browser and axe are content."""

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from django.utils import translation

from gloed.channels.file_report.columns import sensible_columns
from gloed.channels.file_report.rendering import render
from gloed.channels.file_report.reports import VOICES_A_SIDE, report_of
from gloed.channels.file_report.scoring import score_file
from tests.in_a_browser import findings

TODAY = date(2026, 11, 22)
LOADING = {"src", "href", "srcset", "data", "poster", "action", "xlink:href", "background"}


class Loads(HTMLParser):
    """Every address that a page would fetch or point to."""

    def __init__(self):
        super().__init__()
        self.addresses = []
        self.tags = set()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.addresses += [value for name, value in attributes if name in LOADING and value]


@pytest.fixture
def year(write):
    """A year of answers: team south does worse, team tiny is three answers, half are women."""
    rows = []
    for row in range(600):
        month, team = 1 + row % 12, ["north", "south", "south"][row % 3]
        rating = [9, 10, 8, 10, 7][row % 5] if team == "north" else [2, 0, 9, 5, 7][row % 5]
        comment = f"The {row} visit was late and I mailed klant{row}@example.org about it."
        group = "Promoter" if rating > 8 else "Passive" if rating > 6 else "Detractor"
        rows.append(
            f"2026-{month:02}-{1 + row % 28:02} 10:00,{rating},{comment},{team},{group},x{row}"
        )
    rows += [f"2026-06-0{day} 11:00,10,,tiny,Promoter,y{day}" for day in (1, 2, 3)]
    return write("date,nps,comment,team,band,reference", *rows)


@pytest.fixture
def made(gathered):
    """The report of a file in a language: `made(path, "nl")`."""

    def make(path, language="en", **said):
        with translation.override(language):
            report = report_of(gathered(path, **said), wanted=said.get("metric", ""), today=TODAY)
            return report, render(report)

    return make


def test_it_says_who_differs_and_leaves_the_rating_in_words_out(made, year):
    report, page = made(year)
    assert [group.drawing.figure.columns[0] for group in report.groups] == ["Team"]
    (team,) = report.groups
    assert (team.is_clear, team.small, team.more) == (True, 1, 0)
    assert "Clearly below the rest: south." in team.drawing.figure.says
    assert "tiny" not in team.drawing.wide
    assert "1 group of fewer than 5 answers is not drawn." in page
    assert report.trend is not None
    assert "Dec 2026" in report.trend.figure.says


def test_only_columns_that_say_something_are_taken(gathered, write):
    lines = [
        f"2026-01-01 10:{n % 60:02},{n % 11},{n},a,{n % 2},{'xy'[n % 2]},{n % 97}"
        for n in range(99)
    ]
    found = gathered(write("time,nps,unique,same,half,half_again,nearly", *lines))
    score = score_file(found)
    columns = sensible_columns(score.source, score.main.measure, found.columns)
    assert [column.header for column in columns] == ["half"]


def test_many_groups_without_a_difference_are_named_and_not_drawn(made, write):
    rows = [f"2026-01-01 10:{n % 60:02},{n * 7 % 11},{n % 20}" for n in range(400)]
    report, page = made(write("time,nps,shop", *rows))
    assert report.groups == []
    assert report.undrawn == ["Shop (20 groups, no clear difference)"]
    assert "Not drawn: Shop (20 groups, no clear difference)." in page


def test_the_strongest_words_are_quoted_and_masked(made, year):
    report, page = made(year)
    low, high = report.voices
    assert (low[0], high[0]) == ("detractor", "promoter")
    assert {quote.rating for quote in low[2]} == {0}
    assert {quote.rating for quote in high[2]} == {10}
    assert len(low[2]) == len(high[2]) == VOICES_A_SIDE
    assert "example.org" not in page
    assert "[e-mail]" in page


def test_a_quote_cannot_become_markup(made, write):
    words = "<script>alert(1)</script> the engineer never came at all"
    _report, page = made(write("nps,comment,team", f"0,{words},</style><b>", "9,,a", "1,,a"))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_of_colleagues_only_their_words_are_told(made, year):
    report, page = made(year, metric="enps")
    assert {quote.about for _band, _name, quotes in report.voices for quote in quotes} == {""}
    assert "What a single colleague thinks" in page


def test_what_cannot_be_shown_is_said_plainly(made, write):
    rows = ["2026-01-05 09:00,9", "2026-02-05 09:00,3", *["not a date,8"] * 9]
    _report, page = made(write("date,nps", *rows), time_column="date")
    for part in (
        "the response rate, is not known",
        "Anything before 5 Jan 2026 or after 5 Feb 2026.",
        "Whether somebody answered twice.",
        "Few answers: read the interval, not the number.",
    ):
        assert part in page, part


@pytest.mark.parametrize("lines", [
    ("nps", "9"),
    ("csat,kanaal", "5,web", "4,web", "1,kiosk"),
    ("date,ces,land", *[f"2026-03-{d:02},{1 + d % 7},{'NB'[d % 2]}" for d in range(1, 29)]),
])  # fmt: skip
@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_small_or_other_file_makes_a_whole_page_too(made, write, lines, language):
    _report, page = made(write(*lines), language)
    assert page.rstrip().endswith("</html>")
    assert f'lang="{language}"' in page


def test_the_page_loads_nothing(made, year):
    _report, page = made(year)
    loads = Loads()
    loads.feed(page)
    assert loads.addresses == ["data:,"]
    assert not {"script", "iframe", "img", "object", "base", "form"} & loads.tags
    assert set(re.findall(r"url\(([^)]*)\)", page)) <= {
        part for part in re.findall(r"url\(([^)]*)\)", page) if part.startswith("#d")
    }
    assert "@import" not in page
    assert "http:" not in page
    assert "https:" not in page
    identities = re.findall(r'\bid="([^"]+)"', page)
    assert len(identities) == len(set(identities))


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme", "language"), [
    (1280, "light", "en"), (1280, "dark", "nl"), (390, "light", "nl"), (390, "dark", "en"),
])  # fmt: skip
def test_a_browser_off_line_and_axe_find_nothing(
    made, year, browser, tmp_path, width, scheme, language
):
    _report, html = made(year, language)
    path = tmp_path / "report.html"
    path.write_text(html, "utf-8")
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    page = context.new_page()
    complaints, asked = [], []
    page.on("console", lambda line: complaints.append(line.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert (complaints, asked) == ([], [path.as_uri()])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ink = {"light": "rgb(29, 27, 24)", "dark": "rgb(239, 235, 228)"}[scheme]
    line = page.locator(".drawing .mark-line path").locator("visible=true").first
    assert line.evaluate("(path) => getComputedStyle(path).stroke") == ink
    # the reader's policy allows no script at all: axe needs a copy without it
    page.set_content(re.sub(r"<meta http-equiv[^>]*>", "", html))
    assert findings(page) == []
    context.close()


@pytest.mark.browser
def test_on_paper_it_is_light_and_keeps_its_drawings(made, year, browser, tmp_path):
    _report, html = made(year, "en")
    path = tmp_path / "report.html"
    path.write_text(html, "utf-8")
    page = browser.new_page(color_scheme="dark", viewport={"width": 390, "height": 800})
    page.goto(path.as_uri())
    page.emulate_media(media="print")
    body = "getComputedStyle(document.documentElement)"
    assert page.evaluate(f"{body}.backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(f"{body}.color") == "rgb(29, 27, 24)"
    assert page.locator(".figure__wide .drawing").first.is_visible()
    assert not page.locator(".numbers").first.is_visible()
    assert page.locator(".definition dl").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.close()
