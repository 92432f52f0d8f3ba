"""Reading persons, and whom not to ask."""

from gloed.base.models import Organisation
from gloed.people.models import Suppression
from gloed.people.rules import email_key, erased_key


def erased_keys(organisation_id: int) -> frozenset[str]:
    """The digests of everybody who was erased on request."""
    return frozenset(
        Suppression.objects.filter(
            organisation_id=organisation_id, reason=Suppression.Reason.ERASED
        ).values_list("key", flat=True)
    )


def is_suppressed(organisation: Organisation, address: str) -> bool:
    """Whether an address must not be asked, for whatever reason."""
    key = email_key(address)
    if not key:
        return True
    return Suppression.objects.filter(
        organisation=organisation, key__in=[key, erased_key(organisation.pk, "email", key)]
    ).exists()
