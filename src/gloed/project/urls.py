"""Which room answers under which address."""

from django.urls import URLPattern, URLResolver, include, path

from gloed.base.urls import account_urlpatterns

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("gloed.web.urls")),
    path("", include("gloed.base.urls")),
    path("surveys/", include("gloed.surveys.urls")),
    path("journeys/", include("gloed.surveys.journeys.urls")),
    path("people/", include("gloed.people.urls")),
    path("fieldwork/", include("gloed.fieldwork.urls")),
    path("answers/", include("gloed.responses.urls")),
    path("scores/", include("gloed.analysis.urls")),
    path("changes/", include("gloed.analysis.changes.urls")),
    path("explore/", include("gloed.analysis.explorer.urls")),
    path("alarms/", include("gloed.analysis.monitors.urls")),
    path("teams/", include("gloed.analysis.teams.urls")),
    path("goals/", include("gloed.analysis.goals.urls")),
    path("customers/", include("gloed.analysis.customers.urls")),
    path("themes/", include("gloed.coding.urls")),
    path("improvements/", include("gloed.loop.improvements.urls")),
    path("letters/", include("gloed.loop.letters.urls")),
    path("import/", include("gloed.channels.file_import.urls")),
    path("sample/", include("gloed.channels.sample.urls")),
    path("", include("gloed.integrations.api.urls")),
    path("", include("gloed.integrations.connectors.urls")),
    path("", include("gloed.integrations.delighted.urls")),
    path("organisation/take-along/", include("gloed.integrations.exports.urls")),
    path("organisation/webhooks/", include("gloed.integrations.webhooks.urls")),
    path("s/", include("gloed.channels.link.urls")),
    path("", include("gloed.channels.email.urls")),
    path("", include("gloed.channels.letters.urls")),
    path("", include("gloed.channels.poster.urls")),
    path("", include("gloed.channels.kiosk.urls")),
    path("", include("gloed.channels.widget.urls")),
    path("ways/", include("gloed.channels.ways.urls")),
    path("", include("gloed.channels.own_page.urls")),
    path("", include("gloed.channels.sms.urls")),
    path("phone/", include("gloed.channels.phone.urls")),
    path("accounts/", include(account_urlpatterns)),
]
