"""What a person decides about a suggested subject: accept, merge, ignore, and back again."""

from datetime import datetime

from django.db import transaction

from gloed.base.models import Staff
from gloed.coding.models import Codebook, Suggestion
from gloed.coding.operations import codebook as books
from gloed.coding.rules import editing
from gloed.coding.rules.editing import ThemeWords

State = Suggestion.State


@transaction.atomic
def accept(
    suggestion: Suggestion, codebook: Codebook, name: str, *, staff: Staff | None, now: datetime
) -> str:
    """Make a theme of it in the draft, under this name; returns its key. Raises EditRefused."""
    words = ThemeWords(
        names={suggestion.language: name.strip()[:80] or suggestion.name},
        seeds={suggestion.language: seeds_of(suggestion)},
    )
    key = books.add_theme(codebook, words, staff=staff, now=now)
    _decide(suggestion, State.ACCEPTED, key, staff=staff, now=now)
    return key


@transaction.atomic
def merge(
    suggestion: Suggestion, codebook: Codebook, key: str, *, staff: Staff | None, now: datetime
) -> None:
    """Add its words to a theme in the draft. Raises EditRefused."""
    books.edit(
        codebook,
        lambda data: editing.with_seeds(data, key, suggestion.language, seeds_of(suggestion)),
        what="edit",
        about=suggestion.name,
        staff=staff,
        now=now,
    )
    _decide(suggestion, State.MERGED, key, staff=staff, now=now)


def ignore(suggestion: Suggestion, *, staff: Staff | None, now: datetime) -> None:
    """Never suggest it again."""
    _decide(suggestion, State.IGNORED, "", staff=staff, now=now)


@transaction.atomic
def reopen(suggestion: Suggestion, codebook: Codebook, *, now: datetime) -> None:
    """Take the decision back; what it did to the draft goes back where it was the last edit."""
    draft = books.draft_of(codebook)
    step = draft.steps.order_by("-pk").first() if draft else None
    if suggestion.decided_at and step is not None and step.at == suggestion.decided_at:
        books.undo(codebook, now=now)
    _decide(suggestion, State.NEW, "", staff=None, now=None)


def seeds_of(suggestion: Suggestion) -> dict[str, list[str]]:
    """Its words and phrases in the form of the codebook; empty kinds are left out."""
    found = {"words": list(suggestion.words), "phrases": list(suggestion.phrases)}
    return {kind: entries for kind, entries in found.items() if entries}


def _decide(
    suggestion: Suggestion, state: str, key: str, *, staff: Staff | None, now: datetime | None
) -> None:
    suggestion.state, suggestion.went_to = state, key
    suggestion.decided_by, suggestion.decided_at = staff, now
    suggestion.save(update_fields=["state", "went_to", "decided_by", "decided_at"])
