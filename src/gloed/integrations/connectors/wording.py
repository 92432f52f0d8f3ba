"""Words of the page of connections."""

from django.utils.translation import gettext_lazy as _

TROUBLES = {
    "refused": _("we do not call this address"),
    "unknown_host": _("no machine of this name"),
    "no_connection": _("nobody answers there"),
    "not_trusted": _("its certificate is not trusted"),
    "broken": _("the connection broke off"),
    "too_slow": _("it took too long"),
    "too_large": _("the answer was too large"),
    "the mail server": _("the mail server did not take it"),
    "sealed with another secret key": _("sealed by another installation"),
    "hubspot makes no field": _(
        "HubSpot lets this app make no ticket property, and without one a lost answer would mean a "
        "second ticket. Give the app the scope “tickets”, or make the property gloed_id yourself "
        "(tickets, single-line text, require unique values). Tickets that wait go out then."
    ),
    "hubspot field not unique": _(
        "The ticket property gloed_id does not require unique values. Remove it in HubSpot; Gloed "
        "makes it anew. Tickets that wait go out then."
    ),
}
GROUPS = {
    "chat": _("Where your team looks"),
    "helpdesk": _("Helpdesk"),
    "crm": _("Customer records"),
    "pipeline": _("Events"),
}
DOORS = (
    (
        _("Webhooks"),
        _("Your own program hears at once what happens here."),
        "webhooks:list",
        "base.manage_keys",
    ),
    (
        _("Keys and the API"),
        _("A program brings answers in, asks somebody, or reads a score; assistants too."),
        "base:key_list",
        "base.manage_keys",
    ),
    (
        _("Calendars"),
        _("Waves and deadlines in the calendar you already use."),
        "calendars:home",
        "analysis.view_report",
    ),
    (
        _("Logging in"),
        _("Colleagues come in with Google, Microsoft or your own log-in service."),
        "sso:home",
        "base.manage_organisation",
    ),
    (
        _("Delighted"),
        _("Programs that were written for Delighted work as they are."),
        "delighted:projects",
        "base.manage_keys",
    ),
)
