"""Referrals in words: why one does not count, what is wrong with a row, amounts."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gloed.loop.promoters.models import REFUSALS
from gloed.loop.promoters.rules import Refused
from gloed.loop.promoters.tables import Flaw

REFUSED: Mapping[Refused, str | Promise] = {Refused(value): label for value, label in REFUSALS}
FLAWS: Mapping[Flaw, str | Promise] = {
    Flaw.NO_CODE: gettext_lazy("it has no code"),
    Flaw.NO_CUSTOMER: gettext_lazy("it has no customer"),
    Flaw.BAD_DAY: gettext_lazy("its day cannot be read"),
    Flaw.BAD_AMOUNT: gettext_lazy("its amount cannot be read"),
}


def money(amount: Decimal | None, currency: str) -> str:
    """An amount in whole units; empty where there is none."""
    if amount is None:
        return ""
    sign = {"EUR": "€", "GBP": "£", "USD": "$"}.get(currency, currency)
    return f"{sign}\u00a0{number_format(round(amount), force_grouping=True)}"


def unreadable_words(reason: str) -> str:
    """Why a file was not read, and what to do."""
    if reason == "too_large":
        return _("This file is too large. Divide it in two; nothing was kept.")
    if reason == "no_heads":
        return _(
            "The first row has to name the columns, at least code and customer. Nothing was kept."
        )
    return _("This is no text that can be read. Save it as CSV; nothing was kept.")
