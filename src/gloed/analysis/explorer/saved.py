"""Views that were given a name: kept, listed, and thrown away with a way back."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from gloed.analysis.models import SavedView
from gloed.base.models import Membership, Organisation
from gloed.base.rules import Role, may


def list_views(membership: Membership) -> QuerySet[SavedView]:
    """What a colleague can open: the own views and those that are for everybody."""
    return SavedView.objects.filter(
        Q(staff=membership.staff_id) | Q(is_shared=True),
        organisation=membership.organisation_id,
        deleted_at=None,
    )


def list_shared(organisation: Organisation) -> QuerySet[SavedView]:
    """The views that are for everybody: what a program of the organisation may name."""
    return SavedView.objects.filter(organisation=organisation, is_shared=True, deleted_at=None)


def save_view(
    membership: Membership, *, name: str, address: str, is_shared: bool, now: datetime
) -> SavedView:
    """Keep an address under a name; the own view of that name is overwritten."""
    view, _is_new = SavedView.objects.update_or_create(
        organisation_id=membership.organisation_id,
        staff_id=membership.staff_id,
        name=name,
        deleted_at=None,
        defaults={"address": address, "is_shared": is_shared},
        create_defaults={"address": address, "is_shared": is_shared, "created_at": now},
    )
    return view


def find_view(membership: Membership, view_id: UUID, *, is_deleted: bool) -> SavedView | None:
    """A view that a colleague may throw away or bring back: an own one, or any for who steers."""
    views = SavedView.objects.filter(
        organisation=membership.organisation_id,
        public_id=view_id,
        deleted_at__isnull=not is_deleted,
    )
    if may(Role(membership.role), "surveys.edit"):
        views = views.filter(Q(staff=membership.staff_id) | Q(is_shared=True))
    else:
        views = views.filter(staff=membership.staff_id)
    return views.first()


def delete_view(view: SavedView, *, now: datetime) -> None:
    """Throw a view away; `restore_view` takes it back."""
    view.deleted_at = now
    view.save(update_fields=["deleted_at"])


def restore_view(view: SavedView) -> None:
    """Bring a view back that was thrown away."""
    view.deleted_at = None
    view.save(update_fields=["deleted_at"])
