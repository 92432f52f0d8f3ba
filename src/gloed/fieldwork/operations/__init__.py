"""Writing the ledger: asking, waves, handing over to channels, and what became of each ask."""

from gloed.fieldwork.operations.asking import forget_person, invite, note_answer

__all__ = ["forget_person", "invite", "note_answer"]
