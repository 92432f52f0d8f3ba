"""Colleagues: who works here, as what, in which teams, and who was invited."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base import mails, operations
from gloed.base.forms import InvitationForm, MembershipForm
from gloed.base.models import Membership, StaffInvitation
from gloed.base.policy import StaffRequest, has_second_factor, staff_may
from gloed.base.queries import list_memberships, list_open_invitations
from gloed.base.rendering import render_page
from gloed.base.rules import Role
from gloed.base.undo import offer_undo, take_undo
from gloed.base.views.parts import PAGE_SIZE, organisation_tabs, refusal_words
from gloed.base.wording import ROLES


@require_safe
@staff_may("base.manage_staff")
def staff_list(request: StaffRequest) -> HttpResponse:
    """Everybody who works here, and the invitations that wait."""
    memberships = list_memberships(request.organisation, order=request.GET.get("sort", ""))
    memberships = memberships.prefetch_related("teams")
    page = Paginator(memberships, PAGE_SIZE).get_page(request.GET.get("page"))
    invitations = list(list_open_invitations(request.organisation))
    now = timezone.now()
    context = {
        "page": page,
        "rows": [(membership, ROLES[Role(membership.role)]) for membership in page],
        "invitations": [
            (invitation, ROLES[Role(invitation.role)], invitation.expires_at <= now)
            for invitation in invitations
        ],
        "tabs": organisation_tabs(request, "base:staff_list"),
        "undo": take_undo(request),
    }
    return render_page(request, "base/staff_list.html", context)


@require_http_methods(["GET", "POST"])
@staff_may("base.manage_staff")
def staff_edit(request: StaffRequest, membership_id: UUID) -> HttpResponse:
    """The role and the teams of one colleague."""
    membership = _membership(request, membership_id)
    form = MembershipForm.of(membership, request.POST or None)
    if form.is_valid():
        role, teams = Role(form.cleaned_data["role"]), form.cleaned_data.get("teams", ())
        now = timezone.now()
        try:
            operations.change_role(membership, role, by=request.user, at=now)
        except operations.Refused as refusal:
            form.add_error("role", refusal_words(refusal.reason))
        else:
            operations.change_teams(membership, teams, by=request.user, at=now)
            words = _("What %(name)s may do is kept.") % {"name": membership.staff}
            messages.success(request, words)
            is_still_owner = membership.staff_id != request.user.pk or role is Role.OWNER
            return redirect("base:staff_list" if is_still_owner else "/")
    context = {
        "form": form,
        "membership": membership,
        "has_second_factor": has_second_factor(membership.staff),
        "crumbs": [(_("Colleagues"), reverse("base:staff_list"))],
    }
    return render_page(request, "base/staff_edit.html", context)


@require_POST
@staff_may("base.manage_staff")
def staff_deactivate(request: StaffRequest, membership_id: UUID) -> HttpResponse:
    """Let a colleague in no longer, with a way back."""
    membership = _membership(request, membership_id)
    try:
        operations.deactivate(membership, by=request.user, at=timezone.now())
    except operations.Refused as refusal:
        messages.warning(request, refusal_words(refusal.reason))
        return redirect("base:staff_list")
    if membership.staff_id == request.user.pk:
        return redirect("/")
    done = _("%(name)s can open nothing here any more.") % {"name": membership.staff}
    offer_undo(request, done, reverse("base:staff_reactivate", args=[membership.public_id]))
    return redirect("base:staff_list")


@require_POST
@staff_may("base.manage_staff")
def staff_reactivate(request: StaffRequest, membership_id: UUID) -> HttpResponse:
    """Let a colleague back in."""
    membership = _membership(request, membership_id)
    operations.reactivate(membership, by=request.user, at=timezone.now())
    messages.success(request, _("%(name)s can log in here again.") % {"name": membership.staff})
    return redirect("base:staff_list")


@require_POST
@staff_may("base.manage_staff")
def staff_remove_second_factor(request: StaffRequest, membership_id: UUID) -> HttpResponse:
    """Help a colleague who lost the phone; they hear of it by mail."""
    membership = _membership(request, membership_id)
    try:
        operations.remove_second_factor(membership, by=request.user, at=timezone.now())
    except operations.Refused as refusal:
        messages.warning(request, refusal_words(refusal.reason))
        return redirect("base:staff_edit", membership.public_id)
    staff = membership.staff
    mails.send(
        "base/mail/second_factor_removed",
        staff.email,
        {"staff": staff, "owner": request.user, "organisation": request.organisation},
        language=mails.language_of(staff.email),
    )
    words = _("%(name)s logs in with the password alone now, and was told by mail.")
    messages.success(request, words % {"name": staff})
    return redirect("base:staff_edit", membership.public_id)


@require_http_methods(["GET", "POST"])
@staff_may("base.manage_staff")
def staff_invite(request: StaffRequest) -> HttpResponse:
    """Invite somebody by mail."""
    initial = {"role": Role.VIEWER, "language": request.organisation.language}
    form = InvitationForm(request.organisation, request.POST or None, initial=initial)
    if form.is_valid():
        given = form.cleaned_data
        try:
            invitation, has_left = operations.invite(
                request.organisation,
                email=given["email"],
                role=Role(given["role"]),
                teams=given.get("teams", ()),
                language=given["language"],
                by=request.user,
                at=timezone.now(),
            )
        except operations.Refused as refusal:
            form.add_error("email", refusal_words(refusal.reason))
        else:
            _tell(request, invitation, has_left=has_left)
            return redirect("base:staff_list")
    crumbs = [(_("Colleagues"), reverse("base:staff_list"))]
    context = {"form": form, "crumbs": crumbs, "days": operations.INVITATION_DAYS}
    return render_page(request, "base/staff_invite.html", context)


@require_POST
@staff_may("base.manage_staff")
def invitation_resend(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """Send a new link; the old one stops working."""
    invitation = _open_invitation(request, invitation_id)
    has_left = operations.resend_invitation(invitation, by=request.user, at=timezone.now())
    _tell(request, invitation, has_left=has_left)
    return redirect("base:staff_list")


@require_POST
@staff_may("base.manage_staff")
def invitation_withdraw(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """Close a link that was mailed, with a way back."""
    invitation = _open_invitation(request, invitation_id)
    operations.withdraw_invitation(invitation, by=request.user, at=timezone.now())
    done = _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email}
    offer_undo(request, done, reverse("base:invitation_restore", args=[invitation.public_id]))
    return redirect("base:staff_list")


@require_POST
@staff_may("base.manage_staff")
def invitation_restore(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """Let the mailed link work again."""
    invitation = get_object_or_404(
        StaffInvitation,
        organisation=request.organisation,
        public_id=invitation_id,
        accepted_at=None,
    )
    try:
        operations.restore_invitation(invitation, by=request.user, at=timezone.now())
    except operations.Refused as refusal:
        messages.warning(request, refusal_words(refusal.reason))
    else:
        words = _("The invitation of %(email)s works again.") % {"email": invitation.email}
        messages.success(request, words)
    return redirect("base:staff_list")


def _membership(request: StaffRequest, public_id: UUID) -> Membership:
    return get_object_or_404(
        Membership.objects.select_related("staff", "organisation"),
        organisation=request.organisation,
        public_id=public_id,
    )


def _open_invitation(request: StaffRequest, public_id: UUID) -> StaffInvitation:
    return get_object_or_404(
        StaffInvitation.objects.select_related("organisation"),
        organisation=request.organisation,
        public_id=public_id,
        accepted_at=None,
        withdrawn_at=None,
    )


def _tell(request: StaffRequest, invitation: StaffInvitation, *, has_left: bool) -> None:
    """Whether the mail left, and where to find it where no mail server is set up."""
    if not has_left:
        words = _(
            "The invitation of %(email)s is kept, but the mail could not be sent just now. "
            "Send it again in a few minutes."
        )
        messages.warning(request, words % {"email": invitation.email})
    elif mails.are_kept_as_files():
        words = _(
            "%(email)s is invited. No mail server is set up: "
            "the mail is a file in the folder “mail” of the data folder."
        )
        messages.info(request, words % {"email": invitation.email})
    else:
        words = _("The invitation is on its way to %(email)s.")
        messages.success(request, words % {"email": invitation.email})
