"""Reading the builder's form: what a mail is built from, as it stands on the page."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gloed.channels.email.rules import blocks as rules
from gloed.channels.email.rules.blocks import (
    HEADS,
    WORDED,
    Block,
    BlockKind,
    Design,
    Trouble,
    When,
)

TROUBLES: dict[Trouble, str | Promise] = {
    Trouble.NO_WAY_TO_ANSWER: _(
        "Nobody could answer this mail, or its reminder: add the scale or a button."
    ),
    Trouble.TOO_LONG: _("This is too long for a mail that is read at a glance; make it shorter."),
    Trouble.NO_ADDRESS: _("Write a whole web address that begins with https://."),
    Trouble.NO_MAIL_ADDRESS: _("This is no mail address; write one such as team@example.com."),
    Trouble.OTHER_DOMAIN: _(
        "Choose an address at the domain that mail is signed for; mail from elsewhere is refused."
    ),
}
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Removed:
    """A block that was taken away, and where it stood: enough to put it back."""

    block: Block
    place: int

    def as_text(self) -> str:
        """As it travels in the form."""
        design = Design((self.block,))
        return json.dumps({"place": self.place, "block": rules.as_json(design)["blocks"][0]})

    @classmethod
    def read(cls, text: str) -> "Removed | None":
        """What travelled in the form; nothing for what is not understood."""
        try:
            kept = json.loads(text)
            block = rules.read_block(kept["block"])
            return cls(block, int(kept["place"])) if block else None
        except (ValueError, KeyError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class Change:
    """What a button of the form did to the design; nothing of it is kept yet."""

    design: Design
    focus: str = ""  # the key of the block to go on with
    removed: Removed | None = None


def read_design(posted: QueryDict, languages: Sequence[str]) -> Design:
    """The design as it stands in the form, in the order of its blocks."""
    blocks = []
    for entry in posted.getlist("block"):
        key, _sign, kind = entry.partition(":")
        block = rules.read_block(
            {
                "key": key,
                "kind": kind,
                "when": posted.get(f"{key}-when", When.ALWAYS),
                "part": posted.get(f"{key}-part", ""),
                "detail": _text(posted, f"{key}-detail"),
            }
        )
        if block is None or not key.isalnum():
            continue
        if block.kind in WORDED:
            words = {code: _text(posted, f"{key}-{code}") for code in languages}
            block = replace(block, words=words)
        blocks.append(block)
    heads = {
        name.value: {code: _text(posted, f"{name}-{code}") for code in languages} for name in HEADS
    }
    return Design(rules.tidied(blocks), heads, _text(posted, "sender"), _text(posted, "reply_to"))


def _text(posted: QueryDict, name: str) -> str:
    return posted.get(name, "").replace("\r\n", "\n").strip()[:LONGEST]


def change(design: Design, deed: str, posted: QueryDict) -> Change | None:
    """Carry out what a button asks for (`up:KEY`, `add`, …); None where it is none."""
    name, _sign, key = deed.partition(":")
    deeds: dict[str, Callable[[], Change]] = {
        "up": lambda: Change(rules.moved(design, key, -1), focus=key),
        "down": lambda: Change(rules.moved(design, key, +1), focus=key),
        "remove": lambda: _remove(design, key),
        "add": lambda: _add(design, posted.get("new", "")),
        "put_back": lambda: _put_back(design, posted.get("removed", "")),
    }
    return deeds[name]() if name in deeds else None


def _remove(design: Design, key: str) -> Change:
    block = design.find(key)
    if block is None or block.kind is BlockKind.FOOTER:
        return Change(design)
    place = rules.keys_in_order(design.blocks).index(key)
    return Change(rules.without(design, key), removed=Removed(block, place))


def _add(design: Design, wanted: str) -> Change:
    if wanted not in rules.addable(design):
        return Change(design)
    block = rules.new_block(design, BlockKind(wanted))
    return Change(rules.with_block(design, block, len(design.blocks) - 1), focus=block.key)


def _put_back(design: Design, text: str) -> Change:
    removed = Removed.read(text)
    if removed is None:
        return Change(design)
    return Change(rules.with_block(design, removed.block, removed.place), focus=removed.block.key)


def troubles_in(design: Design, *, domain: str) -> dict[str, str]:
    """What cannot be kept, in words, by the key of the block or the field."""
    found = rules.troubles_of(design, domain=domain)
    return {key: str(TROUBLES[trouble]) for key, trouble in reversed(found)}
