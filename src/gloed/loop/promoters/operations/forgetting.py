"""What stays when somebody is erased or taken out: nothing of theirs, and the counts of others."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, Model, OuterRef

from gloed.loop.promoters.models import Ask, Conversion, Reference, ReferralLink, Trial
from gloed.people.models import Person
from gloed.people.queries import erased_keys
from gloed.people.rules import email_key, erased_key

OF_PERSONS: tuple[tuple[type[Model], str], ...] = (
    (Ask, "organisation"),
    (ReferralLink, "organisation"),
    (Reference, "organisation"),
    (Trial, "early_access__organisation"),
)


def is_erased(organisation: int, key: str, email: str, *, digests: frozenset[str]) -> bool:
    """Whether a new customer is somebody who was erased, by number or address."""
    return not digests.isdisjoint(_digests(organisation, key, email))


@transaction.atomic
def forget_customers(organisation: int) -> int:
    """Keep only a digest of new customers who were erased; how many there were."""
    digests = erased_keys(organisation)
    if not digests:
        return 0
    found = [
        one
        for one in Conversion.objects.filter(organisation=organisation, is_erased=False)
        if is_erased(organisation, one.customer_key, one.email_key, digests=digests)
    ]
    for one in found:
        one.customer_key = erased_key(organisation, "id", one.customer_key)
        one.email_key, one.is_erased = "", True
    Conversion.objects.bulk_update(found, ["customer_key", "email_key", "is_erased"])
    return len(found)


def tidy(organisation: int) -> int:
    """An import was taken back: what hung on its people goes too; how many rows went."""
    gone = 0
    for model, owner in OF_PERSONS:
        rows = model._base_manager.filter(**{owner: organisation})
        lost = rows.exclude(Exists(Person.objects.filter(pk=OuterRef("person_id"))))
        gone += lost.delete()[0]
    return gone


def _digests(organisation: int, key: str, email: str) -> Iterable[str]:
    yield erased_key(organisation, "id", key)
    for address in {email, email_key(key)} - {""}:
        yield erased_key(organisation, "email", address)
