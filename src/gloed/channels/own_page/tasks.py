"""Work for the worker: telling colleagues that somebody wants something of them."""

from django.utils import translation

from gloed.base import jobs
from gloed.base.links import absolute_url
from gloed.base.mails import send
from gloed.base.models import Membership
from gloed.base.rules import Role, may
from gloed.channels.own_page.models import PersonRequest
from gloed.channels.own_page.operations import TELL


@jobs.task(TELL)
def tell(run: jobs.JobRun) -> None:
    """Mail those who may erase people; the page of requests shows it in any case."""
    request = (
        PersonRequest.objects.select_related("organisation")
        .filter(pk=run.payload["request"], done_at=None)
        .first()
    )
    if request is None or request.organisation.is_sample:
        return
    members = Membership.objects.select_related("staff").filter(
        organisation=request.organisation, deactivated_at=None, staff__is_active=True
    )
    for member in members:
        if not may(Role(member.role), "people.erase"):
            continue
        language = member.staff.language or request.organisation.language
        with translation.override(language):
            context = {"request": request, "url": absolute_url("own_page:requests")}
            send("own_page/mail/request", member.staff.email, context, language=language)
