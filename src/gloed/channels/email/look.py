"""How a mail looks: inline styles, because mail programs read nothing else, from our tokens."""

from collections.abc import Mapping

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from gloed.base.figure_theme import DARK, FONT, LIGHT
from gloed.surveys.colours import Accent

WIDTH = 560
STEP = 44
_SERIF = "Charter,Cambria,Georgia,'Noto Serif',serif"
_SANS = FONT.replace('"', "'")
_DARK_CLASSES = {
    "paper": {"background-color": "paper", "color": "ink"},
    "ink": {"color": "ink"},
    "quiet": {"color": "quiet"},
    "step": {"background-color": "wash", "color": "ink", "border-color": "edge"},
    "foot": {"border-color": "line"},
}


def _css(**rules: str | int) -> str:
    return ";".join(f"{name.replace('_', '-')}:{value}" for name, value in rules.items())


def drawn(
    template: str, context: Mapping[str, object], *, accent: Accent | None = None, shade: str = ""
) -> str:
    """The HTML of a mail by a template that extends `email/frame.html`.

    Without indentation and empty lines: no line of a mail may be long.
    """
    look = {
        "width": WIDTH,
        "s": styles(accent),
        "sheet": mark_safe(sheet(accent, shade)),  # noqa: S308 - made of our own tokens
    }
    html = render_to_string(template, {**context, **look})
    return "\n".join(line.strip() for line in html.splitlines() if line.strip()) + "\n"


def styles(accent: Accent | None = None) -> dict[str, str]:
    """What stands in `style` of each part, by day; `accent` is the survey's own colour."""
    ink, quiet, paper = LIGHT["ink"], LIGHT["quiet"], LIGHT["paper"]
    ember = accent.by_day if accent else LIGHT["ember"]
    on_ember = LIGHT["on-promoter"]
    text = {"font_family": _SANS, "font_size": "16px", "line_height": "24px", "color": ink}
    return {
        "body": _css(margin=0, padding=0, background_color=paper, color=ink),
        "page": _css(background_color=paper, border_collapse="collapse"),
        "card": _css(width="100%", max_width=f"{WIDTH}px", border_collapse="collapse"),
        "hidden": _css(
            display="none", max_height=0, overflow="hidden", font_size="1px", color=paper
        ),
        "accent": ember,
        "logo": _css(padding="0 0 20px", **text),
        "name": _css(font_weight=600, color=ink),
        "picture": _css(display="block", border=0, max_width="100%", height="auto"),
        "part": _css(padding=0, **text),
        "paragraph": _css(margin="0 0 16px", padding=0),
        "small": _css(margin="0 0 8px", padding=0),
        "signature": _css(
            padding=0, font_family=_SANS, font_size="15px", line_height="22px", color=quiet
        ),
        "anchor": _css(color=ember, text_decoration="underline"),
        "button": _css(border_radius="8px", background_color=ember),
        "press": _css(
            display="inline-block",
            padding="12px 22px",
            font_family=_SANS,
            font_size="16px",
            line_height="20px",
            font_weight=600,
            color=on_ember,
            text_decoration="none",
        ),
        "line": _css(
            border_top=f"1px solid {LIGHT['line']}",
            font_size="1px",
            line_height="1px",
            height="1px",
        ),
        "space": _css(height="24px", font_size="1px", line_height="24px"),
        "question": _css(
            margin=0,
            padding="8px 0 12px",
            font_family=_SERIF,
            font_size="23px",
            line_height="29px",
            font_weight=600,
            color=ink,
        ),
        "box": _css(border_collapse="separate", margin="0 3px 8px 0"),
        "step": _css(
            width=f"{STEP}px",
            height=f"{STEP}px",
            border=f"1px solid {LIGHT['edge']}",
            border_radius="8px",
            background_color=LIGHT["wash"],
            text_align="center",
        ),
        "link": _css(
            display="block",
            min_width=f"{STEP}px",
            font_family=_SANS,
            font_size="17px",
            line_height=f"{STEP}px",
            color=ink,
            text_decoration="none",
        ),
        "word": _css(padding="0 14px"),
        "end": _css(
            padding="0 0 24px",
            font_family=_SANS,
            font_size="14px",
            line_height="20px",
            color=quiet,
        ),
        "foot": _css(
            padding="16px 0 0",
            border_top=f"1px solid {LIGHT['line']}",
            font_family=_SANS,
            font_size="14px",
            line_height="20px",
            color=quiet,
        ),
        "foot_link": _css(color=quiet, text_decoration="underline"),
    }


def sheet(accent: Accent | None = None, shade: str = "") -> str:
    """The same by night, for mail programs that have one (the second form is Outlook's).

    With `shade` "dark" the night holds whatever the reader's own light is, with "light" the day.
    """
    ember = accent.by_night if accent else DARK["ember"]
    rules = {
        f".{name}": ";".join(
            f"{attribute}:{DARK[token]}!important" for attribute, token in wanted.items()
        )
        for name, wanted in _DARK_CLASSES.items()
    }
    rules[".accent"] = f"color:{ember}!important"
    rules[".button"] = f"background-color:{ember}!important"
    rules[".press"] = f"color:{DARK['paper']}!important"
    by_night = "".join(f"{name}{{{rule}}}" for name, rule in rules.items())
    if shade == "light":
        return ":root{color-scheme:only light}"
    if shade == "dark":
        return f":root{{color-scheme:only dark}}{by_night}"
    outlook = "".join(f"[data-ogsc] {name}{{{rule}}}" for name, rule in rules.items())
    return f"@media(prefers-color-scheme:dark){{{by_night}}}{outlook}"
