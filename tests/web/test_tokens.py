"""Every pair of ink and paper that the style sheets use can be read, by day and by night."""

import re
from itertools import product
from pathlib import Path

import pytest

import gloed.web
from gloed.base.figure_theme import DARK, LIGHT, band_scale, theme

STATIC = Path(gloed.web.__file__).parent / "static" / "gloed"
TOKENS = {
    name: {"light": light, "dark": dark}
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);",
        (STATIC / "css" / "tokens.css").read_text(encoding="utf-8").partition("@media")[0],
    )
}
READ_ON = {
    "ink": ("paper", "raised", "wash", "glow"),
    "quiet": ("paper", "raised", "wash"),
    "ember": ("paper", "raised", "wash"),
    "detractor": ("paper", "raised"),
    "promoter": ("paper", "raised"),
    "paper": ("ink",),
    "on-ember": ("ember", "ember-deep"),
    "on-detractor": ("detractor",),
    "on-passive": ("passive",),
    "on-promoter": ("promoter",),
}
SEEN_ON = {"edge": ("paper", "raised"), "ember": ("paper", "wash"), "ink": ("paper",)}
THEMES = ("light", "dark")


def _luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_matches_the_worked_examples():
    """Black on white is 21; the grey #767676 on white is 4.54 (WCAG 2.2, technique G18)."""
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize(
    ("ink", "paper", "scheme"),
    [
        (ink, paper, scheme)
        for (ink, papers), scheme in product(READ_ON.items(), THEMES)
        for paper in papers
    ],
)
def test_text_is_legible(ink: str, paper: str, scheme: str):
    assert _contrast(TOKENS[ink][scheme], TOKENS[paper][scheme]) >= 4.5


@pytest.mark.parametrize(
    ("edge", "paper", "scheme"),
    [
        (edge, paper, scheme)
        for (edge, papers), scheme in product(SEEN_ON.items(), THEMES)
        for paper in papers
    ],
)
def test_borders_of_controls_are_seen(edge: str, paper: str, scheme: str):
    assert _contrast(TOKENS[edge][scheme], TOKENS[paper][scheme]) >= 3


def test_no_other_style_sheet_names_a_colour():
    for sheet in (STATIC / "css").glob("*.css"):
        if sheet.name == "tokens.css":
            continue
        rules = sheet.read_text(encoding="utf-8")
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", rules) == [], sheet.name
        assert "rgb(" not in rules, sheet.name


def test_figures_are_drawn_in_the_colours_of_the_page():
    assert {name: TOKENS[name]["light"] for name in LIGHT} == dict(LIGHT)
    assert {name: TOKENS[name]["dark"] for name in DARK} == dict(DARK)


def test_every_colour_of_a_figure_becomes_its_token_in_the_page():
    script = (STATIC / "js" / "figures.js").read_text(encoding="utf-8")
    swaps = dict(re.findall(r'"(#[0-9a-f]{6})": "var\(--([\w-]+)\)"', script))
    assert swaps == {colour: name for name, colour in LIGHT.items()}


def test_the_theme_names_no_colour_outside_its_palette():
    for palette in (LIGHT, DARK):
        used = set(re.findall(r"#[0-9a-f]{6}", str(theme(palette)) + str(band_scale(palette))))
        assert used <= set(palette.values())


def test_the_survey_page_uses_the_same_papers_and_inks():
    sheet = (STATIC / "survey.css").read_text(encoding="utf-8")
    by_scheme = re.findall(r":root\{(?:color-scheme:light dark;)?([^}]*)\}", sheet)
    for scheme, block in zip(THEMES, by_scheme, strict=True):
        colours = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6})", block))
        assert colours.pop("press") == TOKENS["wash"][scheme]
        assert colours == {name: TOKENS[name][scheme] for name in colours}


def test_the_survey_page_shows_no_band_and_no_ember():
    sheet = (STATIC / "survey.css").read_text(encoding="utf-8")
    telling = {
        TOKENS[name][scheme]
        for name in ("detractor", "promoter", "ember", "glow")
        for scheme in THEMES
    }
    assert not telling & set(re.findall(r"#[0-9a-f]{6}", sheet))
