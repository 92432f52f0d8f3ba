"""What the pages of surveys load besides the shell stays small, and keeps to the house's tokens."""

import re
from pathlib import Path

import pytest

import gloed.surveys

STATIC = Path(gloed.surveys.__file__).parent / "static" / "surveys"
TEMPLATES = sorted((STATIC.parents[1] / "templates" / "surveys").rglob("*.html"))


@pytest.mark.parametrize(("name", "limit"), [("editor.css", 8_000), ("editor.js", 9_000)])
def test_the_editor_is_light(name, limit):
    assert (STATIC / name).stat().st_size <= limit


def test_the_editors_style_sheet_names_no_colour_and_stands_in_its_layer():
    rules = (STATIC / "editor.css").read_text(encoding="utf-8")
    assert "@layer pages {" in rules
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|rgb\(", rules) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_style_or_script_in_a_template(template: Path):
    text = template.read_text(encoding="utf-8")
    assert re.findall(r"""\sstyle\s*=|<style\b|\son\w+\s*=\s*["']""", text) == []
    assert all("src=" in script for script in re.findall(r"<script\b[^>]*>", text))
