"""Rows of a file in blocks, each sorted out by the survey it goes to. No Django, no database."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from gloed.channels.file_import.reading import Record, Skipped
from gloed.channels.file_import.routing import Router
from gloed.channels.file_import.rules import Group
from gloed.responses.rules import IncomingAnswer

Item = Record | Skipped


@dataclass(slots=True)
class Block:
    """Rows that follow each other: what they deliver, and what is told about them.

    `counts` holds "rows" and "imported"; `opted_out` the addresses that may not be written to.
    """

    last_row: int
    counts: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    opted_out: set[str] = field(default_factory=set)
    deliveries: dict[Group, list[IncomingAnswer]] = field(default_factory=dict)


def blocks_of(items: Iterable[Item], router: Router, *, size: int) -> Iterator[Block]:
    """The rows of a file in blocks of `size`, lazily."""
    stream = iter(items)
    while rows := list(islice(stream, size)):
        block = Block(rows[-1].row)
        block.counts["rows"] = len(rows)
        for item in rows:
            _sort_out(block, item, router)
        yield block


def _sort_out(block: Block, item: Item, router: Router) -> None:
    if isinstance(item, Skipped):
        block.skipped[item.reason.value] += 1
        return
    routed = router.route(item)
    if not routed:
        block.skipped["aside"] += 1
        return
    block.counts["imported"] += 1
    for warning in item.warnings:
        block.warnings[warning.value] += 1
    if item.do_not_contact and item.respondent and item.respondent.email:
        block.opted_out.add(item.respondent.email)
    for group, incoming in routed:
        if group in block.deliveries:
            block.deliveries[group].append(incoming)
        else:
            block.deliveries[group] = [incoming]
