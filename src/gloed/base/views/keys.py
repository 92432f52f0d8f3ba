"""Keys for programs: a list, a form, and the one moment a key can be copied."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gloed.base import operations, wording
from gloed.base.key_forms import KeyForm
from gloed.base.keys import Scope
from gloed.base.links import page_url
from gloed.base.models import ApiKey
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.queries import list_keys
from gloed.base.rendering import render_page
from gloed.base.views.parts import PAGE_SIZE, organisation_tabs


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may("base.manage_keys")
def key_list(request: StaffRequest) -> HttpResponse:
    """All keys of the organisation; a new one is shown in the answer that made it, never again."""
    form = KeyForm(request.POST or None)
    made = ""
    if form.is_valid():
        _key, made = operations.make_key(
            request.organisation,
            form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            by=request.user,
            at=timezone.now(),
        )
        form = KeyForm()
    page = Paginator(list_keys(request.organisation), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "made": made,
        "page": page,
        "rows": [(key, [wording.SCOPES[Scope(scope)] for scope in key.scopes]) for key in page],
        "tabs": organisation_tabs(request, "base:key_list"),
        "delighted_url": page_url("delighted:projects"),  # rooms above; may be absent
        "webhooks_url": page_url("webhooks:list"),
    }
    return render_page(request, "base/key_list.html", context)


@require_POST
@staff_may("base.manage_keys")
def key_revoke(request: StaffRequest, key_id: UUID) -> HttpResponse:
    """End a key. There is no way back: a key that leaked must not live again by a slip."""
    key = get_object_or_404(ApiKey, organisation=request.organisation, public_id=key_id)
    operations.revoke_key(key, by=request.user, at=timezone.now())
    messages.success(request, _("%(key)s opens nothing any more.") % {"key": key})
    return redirect("base:key_list")
