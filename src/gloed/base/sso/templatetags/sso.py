"""The buttons of log-in services on the log-in page."""

from typing import Any

from django import template

from gloed.base.sso.models import LogIn

register = template.Library()


@register.inclusion_tag("sso/buttons.html", takes_context=True)
def log_in_buttons(context: dict[str, Any]) -> dict[str, Any]:
    """A button for every service that is on."""
    found = LogIn.objects.filter(is_active=True, deleted_at=None)
    request = context.get("request")
    following = request.GET.get("next", "") if request is not None else ""
    return {
        "log_ins": list(found),
        "next": following,
        "csrf_token": context.get("csrf_token"),
    }
