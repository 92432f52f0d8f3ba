"""The ledger of messages that ask nothing."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.fieldwork.notices.models import Notice
from gloed.fieldwork.notices.queries import list_notices

PAGE_SIZE = 50


@require_safe
@staff_may("people.view_person")
def notice_list(request: StaffRequest) -> HttpResponse:
    """Who got a message, and who did not and why; the newest first."""
    became = request.GET.get("became", "")
    became = became if became in set(Notice.Became) else ""
    page = Paginator(list_notices(request.organisation, became=became), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    here = request.path
    tabs = [(_("All"), here, not became)]
    tabs += [
        (str(one.label).capitalize(), f"{here}?became={one.value}", became == one.value)
        for one in Notice.Became
    ]
    context = {
        "page": page,
        "ways": tabs,
        "crumbs": [(_("Who was asked"), reverse("fieldwork:ledger"))],
    }
    return render_page(request, "notices/list.html", context)
