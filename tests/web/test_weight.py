"""What the shell sends is small, and holds nothing that the content policy forbids."""

import re
from pathlib import Path

import pytest

import gloed.web

ROOM = Path(gloed.web.__file__).parent
STATIC = ROOM / "static" / "gloed"
TEMPLATES = sorted(
    path
    for path in (ROOM / "templates").rglob("*.html")
    if not path.name.startswith("mail") and path.name != "mail_button.html"
)


def _bytes(*patterns: str) -> int:
    return sum(path.stat().st_size for pattern in patterns for path in STATIC.glob(pattern))


def test_style_sheets_of_a_page_weigh_at_most_40_kb():
    assert _bytes("css/*.css") <= 40 * 1024


def test_scripts_of_a_page_weigh_at_most_10_kb():
    assert _bytes("js/*.js") <= 10_000


def test_survey_style_sheet_weighs_at_most_7_kb():
    """Of the 30 KB of a survey page, with every kind of question in it."""
    assert _bytes("survey.css") <= 7_000


def test_every_style_sheet_stands_in_its_layer():
    for sheet in (STATIC / "css").glob("*.css"):
        rules = sheet.read_text(encoding="utf-8")
        assert f"@layer {sheet.stem} {{" in rules
        assert "@import" not in rules


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_style_or_script_in_a_template(template: Path):
    text = template.read_text(encoding="utf-8")
    assert re.findall(r"""\sstyle\s*=|<style\b|\son\w+\s*=\s*["']|href="javascript:""", text) == []
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script, script
    assert re.findall(r"""(?:src|href)=["'](?:https?:)?//""", text) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_nobody_reads_the_word_error(template: Path):
    words = re.findall(
        r"""\{% (?:block)?translate(?: "|[^%]*%\})([^"{%]*)""", template.read_text("utf-8")
    )
    assert [text for text in words if "error" in text.lower()] == []
