"""What a mail is built from: blocks in an order, each with its words in every language.

A design is a plain frozen value: every change gives a new one. It is kept as JSON.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

MOST_BLOCKS = 20
TEXT_LIMIT = 2000
LABEL_LIMIT = 60
HEAD_LIMIT = 150
POSTAL_LIMIT = 300


class BlockKind(StrEnum):
    """What a block is. Stored: never rename one."""

    LOGO = "logo"
    TEXT = "text"
    SCALE = "scale"
    BUTTON = "button"
    SIGNATURE = "signature"
    SPACE = "space"
    LINE = "line"
    FOOTER = "footer"


class When(StrEnum):
    """In which mails a block stands."""

    ALWAYS = "always"
    FIRST = "first"
    REMINDER = "reminder"


class Part(StrEnum):
    """Words that every mail has: where nobody wrote any, the usual ones are said."""

    SENDER_NAME = "sender_name"
    SUBJECT = "subject"
    PREHEADER = "preheader"
    OPENING = "opening"
    CLOSING = "closing"
    REMINDER_SUBJECT = "reminder_subject"
    REMINDER_OPENING = "reminder_opening"
    BUTTON = "button"
    FOOTER = "footer"


HEADS = (Part.SENDER_NAME, Part.SUBJECT, Part.PREHEADER, Part.REMINDER_SUBJECT)
ADDABLE = (
    BlockKind.TEXT,
    BlockKind.BUTTON,
    BlockKind.SIGNATURE,
    BlockKind.LINE,
    BlockKind.SPACE,
    BlockKind.LOGO,
    BlockKind.SCALE,
)
ONCE = frozenset({BlockKind.SCALE, BlockKind.LOGO, BlockKind.FOOTER})
WORDED = frozenset({BlockKind.TEXT, BlockKind.BUTTON, BlockKind.SIGNATURE, BlockKind.FOOTER})

Words = Mapping[str, str]
"""The same in each language."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `part` names the usual words it falls back on.

    `detail` is the address a button leads to (empty: the survey), or the footer's postal address.
    """

    key: str
    kind: BlockKind
    words: Words = field(default_factory=dict)
    when: When = When.ALWAYS
    part: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Design:
    """A whole mail: its blocks, the footer last, and what stands in its head."""

    blocks: tuple[Block, ...]
    heads: Mapping[str, Words] = field(default_factory=dict)
    sender: str = ""
    reply_to: str = ""

    def find(self, key: str) -> Block | None:
        """The block of a key, or nothing."""
        return next((block for block in self.blocks if block.key == key), None)


USUAL = Design(
    (
        Block("logo", BlockKind.LOGO),
        Block("opening", BlockKind.TEXT, when=When.FIRST, part=Part.OPENING),
        Block("reminder", BlockKind.TEXT, when=When.REMINDER, part=Part.REMINDER_OPENING),
        Block("scale", BlockKind.SCALE),
        Block("closing", BlockKind.TEXT, part=Part.CLOSING),
        Block("footer", BlockKind.FOOTER, part=Part.FOOTER),
    )
)
"""What a mail is as long as nobody built another."""


def blocks_in(design: Design, *, is_reminder: bool) -> tuple[Block, ...]:
    """The blocks that stand in the first mail, or in a reminder."""
    left_out = When.FIRST if is_reminder else When.REMINDER
    return tuple(block for block in design.blocks if block.when is not left_out)


def tidied(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with every key once, what may stand once only once, and the footer last."""
    kept: dict[str, Block] = {}
    footer = USUAL.blocks[-1]
    seen: set[BlockKind] = set()
    for block in blocks:
        if block.kind is BlockKind.FOOTER:
            footer = replace(block, when=When.ALWAYS)
        elif block.key not in kept and not (block.kind in ONCE and block.kind in seen):
            kept[block.key] = block
            seen.add(block.kind)
    return (*list(kept.values())[: MOST_BLOCKS - 1], footer)


def moved(design: Design, key: str, by: int) -> Design:
    """The design with one block so many places further (negative: nearer to the top).

    >>> [b.key for b in moved(USUAL, "scale", -1).blocks][2:4]
    ['scale', 'reminder']
    """
    order = [block.key for block in design.blocks]
    if key not in order:
        return design
    blocks = list(design.blocks)
    block = blocks.pop(order.index(key))
    place = max(0, min(len(blocks), order.index(key) + by))
    blocks.insert(place, block)
    return replace(design, blocks=tidied(blocks))


def without(design: Design, key: str) -> Design:
    """The design without a block; the footer stays."""
    left = [b for b in design.blocks if b.key != key or b.kind is BlockKind.FOOTER]
    return replace(design, blocks=tidied(left))


def with_block(design: Design, block: Block, place: int) -> Design:
    """The design with a block put in at a place."""
    blocks = list(design.blocks)
    blocks.insert(max(0, min(place, len(blocks) - 1)), block)
    return replace(design, blocks=tidied(blocks))


def new_block(design: Design, kind: BlockKind) -> Block:
    """An empty block of a kind under a key that the design does not use yet."""
    keys = {block.key for block in design.blocks}
    number = next(n for n in range(1, len(keys) + 2) if f"{kind}{n}" not in keys)
    return Block(f"{kind}{number}", kind, part=Part.BUTTON if kind is BlockKind.BUTTON else "")


def addable(design: Design) -> tuple[BlockKind, ...]:
    """Kinds of which one more may be added."""
    if len(design.blocks) >= MOST_BLOCKS:
        return ()
    there = {block.kind for block in design.blocks}
    return tuple(kind for kind in ADDABLE if kind not in ONCE or kind not in there)


class Trouble(StrEnum):
    """What keeps a design from being used."""

    NO_WAY_TO_ANSWER = "no_way_to_answer"
    TOO_LONG = "too_long"
    NO_ADDRESS = "no_address"
    NO_MAIL_ADDRESS = "no_mail_address"
    OTHER_DOMAIN = "other_domain"


def troubles_of(design: Design, *, domain: str) -> tuple[tuple[str, Trouble], ...]:
    """What cannot be kept, each with the key of the block or the field it is about.

    `domain` is the one that our mails come from: a sender elsewhere would fail DMARC.
    """
    found = [("blocks", Trouble.NO_WAY_TO_ANSWER)] if _is_dead_end(design) else []
    found += [pair for block in design.blocks for pair in _troubles_of_block(block)]
    for name, words in design.heads.items():
        if any(len(text) > HEAD_LIMIT for text in words.values()):
            found.append((name, Trouble.TOO_LONG))
    if design.reply_to and not is_mail_address(design.reply_to):
        found.append(("reply_to", Trouble.NO_MAIL_ADDRESS))
    if design.sender and not is_mail_address(design.sender):
        found.append(("sender", Trouble.NO_MAIL_ADDRESS))
    elif design.sender and not is_aligned(design.sender, domain):
        found.append(("sender", Trouble.OTHER_DOMAIN))
    return tuple(found)


def _is_dead_end(design: Design) -> bool:
    """Whether there is a mail of it that cannot be answered."""
    ways = {BlockKind.SCALE, BlockKind.BUTTON}
    return not all(
        ways & {block.kind for block in blocks_in(design, is_reminder=is_reminder)}
        for is_reminder in (False, True)
    )


def _troubles_of_block(block: Block) -> list[tuple[str, Trouble]]:
    limit = LABEL_LIMIT if block.kind is BlockKind.BUTTON else TEXT_LIMIT
    found = []
    if any(len(text) > limit for text in block.words.values()):
        found.append((block.key, Trouble.TOO_LONG))
    if block.kind is BlockKind.BUTTON and block.detail and not is_web_address(block.detail):
        found.append((block.key, Trouble.NO_ADDRESS))
    if block.kind is BlockKind.FOOTER and len(block.detail) > POSTAL_LIMIT:
        found.append((block.key, Trouble.TOO_LONG))
    return found


def is_web_address(text: str) -> bool:
    """Whether a button may lead there.

    >>> is_web_address("https://a.nl/b?c=d"), is_web_address("javascript:alert(1)")
    (True, False)
    """
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and text.isprintable()
    except ValueError:
        return False


def is_mail_address(text: str) -> bool:
    """Whether it looks like one mail address, in plain letters.

    >>> is_mail_address("a@b.nl"), is_mail_address("a b@c.nl"), is_mail_address("a@b.nl>")
    (True, False, False)
    """
    local, sign, domain = text.partition("@")
    good = text.isascii() and not set(text) & set(' <>,;:"()[]\\') and len(text) < 255
    return good and bool(sign and local and "." in domain.strip(".") and "@" not in domain)


def is_aligned(address: str, domain: str) -> bool:
    """Whether mail from an address passes a relaxed DMARC check of mail signed for `domain`.

    >>> is_aligned("nps@mail.a.nl", "a.nl"), is_aligned("nps@b.nl", "a.nl")
    (True, False)
    """
    own = address.rpartition("@")[2].lower()
    return own == domain.lower() or own.endswith("." + domain.lower())


def as_json(design: Design) -> dict[str, Any]:
    """A design as it is kept."""
    return {
        "blocks": [
            {
                "key": block.key,
                "kind": block.kind.value,
                "words": dict(block.words),
                "when": block.when.value,
                "part": str(block.part),
                "detail": block.detail,
            }
            for block in design.blocks
        ],
        "heads": {name: dict(words) for name, words in design.heads.items()},
        "sender": design.sender,
        "reply_to": design.reply_to,
    }


def from_json(kept: Mapping[str, Any]) -> Design:
    """A design as it was kept; what is not understood any more is left out."""
    blocks = [block for one in kept.get("blocks", ()) if (block := read_block(one)) is not None]
    heads = {
        str(name): {str(language): str(text) for language, text in words.items()}
        for name, words in kept.get("heads", {}).items()
        if name in HEADS
    }
    return Design(tidied(blocks), heads, str(kept.get("sender", "")), str(kept.get("reply_to", "")))


def read_block(kept: Mapping[str, Any]) -> Block | None:
    """One block as it was kept or sent; nothing for what is no block."""
    try:
        kind, when = BlockKind(kept["kind"]), When(kept.get("when", When.ALWAYS))
        words = {str(language): str(text) for language, text in kept.get("words", {}).items()}
    except (KeyError, ValueError, AttributeError):
        return None
    part = kept.get("part", "")
    return Block(
        key=str(kept.get("key", kind)),
        kind=kind,
        words=words,
        when=when,
        part=part if part in set(Part) else "",
        detail=str(kept.get("detail", "")),
    )


def merged(design: Design, kept: Design) -> Design:
    """A design with the words of `kept` in the languages that it does not speak itself."""
    earlier = {block.key: block for block in kept.blocks}
    blocks = [
        replace(block, words={**earlier[block.key].words, **block.words})
        if block.key in earlier and earlier[block.key].kind is block.kind
        else block
        for block in design.blocks
    ]
    heads = {
        name: {**kept.heads.get(name, {}), **design.heads.get(name, {})}
        for name in dict.fromkeys((*kept.heads, *design.heads))
    }
    return replace(design, blocks=tuple(blocks), heads=heads)


def keys_in_order(blocks: Sequence[Block]) -> list[str]:
    """The keys of blocks, from top to bottom."""
    return [block.key for block in blocks]
