"""Writing the ledger: asking, waves, handing over to channels, and what became of each ask."""

from gloed.fieldwork.operations.asking import Asked, ask_one, forget_person, invite, note_answer
from gloed.fieldwork.operations.sending import (
    DueInvitation,
    claim_due,
    due_reminders,
    expire_due,
    note_failed,
    note_handing,
    note_sent,
    release,
)
from gloed.fieldwork.operations.waves import (
    CannotStart,
    finish_waves,
    pause_wave,
    resume_wave,
    start_wave,
    stop_wave,
    write_wave,
)
from gloed.fieldwork.operations.wishes import (
    Event,
    keep_policy,
    note_event,
    opt_in,
    opt_out,
    pause,
    quarantine,
    set_rhythm,
    withdraw_event,
)
from gloed.fieldwork.planning import DryRun, plan_wave

__all__ = [
    "Asked",
    "CannotStart",
    "DryRun",
    "DueInvitation",
    "Event",
    "ask_one",
    "claim_due",
    "due_reminders",
    "expire_due",
    "finish_waves",
    "forget_person",
    "invite",
    "keep_policy",
    "note_answer",
    "note_event",
    "note_failed",
    "note_handing",
    "note_sent",
    "opt_in",
    "opt_out",
    "pause",
    "pause_wave",
    "plan_wave",
    "quarantine",
    "release",
    "resume_wave",
    "set_rhythm",
    "start_wave",
    "stop_wave",
    "withdraw_event",
    "write_wave",
]
