"""The shell's own pages: the choice of language and theme, and the style guide."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from gloed.base.models import Staff
from gloed.base.policy import StaffRequest, public_page, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.web import specimens
from gloed.web.context import THEME_COOKIE, THEMES
from gloed.web.navigation import ways_to_start
from gloed.web.operations import choose_look
from gloed.web.today import front_page

A_YEAR = 365 * 24 * 60 * 60


@public_page("the log-in page can be read in another language; only the reader's own look changes")
@require_POST
def set_look(request: HttpRequest) -> HttpResponse:
    """Keep the language or the theme that was chosen, and go back to where the reader was."""
    language = _known(request.POST.get("language"), {code for code, _ in settings.LANGUAGES})
    theme = _known(request.POST.get("theme"), {*THEMES, ""})
    if isinstance(request.user, Staff):
        choose_look(request.user, language=language, theme=theme)
    response = HttpResponseRedirect(_way_back(request))
    if language is not None:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=A_YEAR, samesite="Lax")
    if theme is not None:
        response.set_cookie(THEME_COOKIE, theme, max_age=A_YEAR, samesite="Lax")
    return response


@require_safe
@staff_may("web.view_today")
def today(request: StaffRequest) -> HttpResponse:
    """The first page: what came in, what moved for certain, what to do next."""
    role = Role(request.membership.role)
    now = timezone.now()
    context = {
        "front": front_page(request.organisation, now=now),
        "now": timezone.localtime(now),
        "may_edit": may(role, "surveys.edit"),
        "may_handle": may(role, "loop.handle_cases"),
        "starts": ways_to_start(role),
    }
    return render_page(request, "web/today.html", context)


@require_safe
@staff_may("web.view_today")
def styleguide(request: StaffRequest) -> HttpResponse:
    """Every part of a page, in every state."""
    return render_page(request, "web/styleguide.html", specimens.context(request))


def _known(value: str | None, known: set[str]) -> str | None:
    return value if value in known else None


def _way_back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if target and is_ours else "/"
