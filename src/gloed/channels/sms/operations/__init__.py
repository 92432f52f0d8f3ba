"""Writing in this room: providers, words, hours; sending what is due; and what people reply."""

from gloed.channels.sms.operations.listening import forget_erased, take_reply, take_report
from gloed.channels.sms.operations.providing import (
    add_provider,
    make_default,
    remove_provider,
    renew_replies,
    restore_provider,
    send_test,
)
from gloed.channels.sms.operations.sending import CHANNEL, Round, send_due

__all__ = [
    "CHANNEL",
    "Round",
    "add_provider",
    "forget_erased",
    "make_default",
    "remove_provider",
    "renew_replies",
    "restore_provider",
    "send_due",
    "send_test",
    "take_reply",
    "take_report",
]
