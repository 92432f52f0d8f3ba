"""What colleagues change about their own account."""

from datetime import datetime

from django.db import IntegrityError, transaction

from gloed.base import audit
from gloed.base.models import Staff
from gloed.base.operations.refusal import Refused
from gloed.base.rules import Refusal


def change_account(staff: Staff, *, name: str, language: str, theme: str) -> None:
    """Keep the name and the look a colleague chose."""
    staff.name, staff.language, staff.theme = name.strip(), language, theme
    staff.save(update_fields=["name", "language", "theme"])


def change_email(staff: Staff, *, to: str, at: datetime) -> None:
    """Log in with another address from now on. Raises Refused where it is taken."""
    staff.email = to.lower()
    try:
        with transaction.atomic():
            staff.save(update_fields=["email"])
            audit.record_everywhere(staff, "account.email_changed", at=at)
    except IntegrityError:
        staff.refresh_from_db(fields=["email"])
        raise Refused(Refusal.ADDRESS_TAKEN) from None
