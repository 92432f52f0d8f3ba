"""Sectors, countries, ways of asking, refusals and warnings in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gloed.analysis.benchmarks.rules import Kind, Mode, Refused, Sector, Statistic, Warned
from gloed.stats import Band

SECTORS = {
    Sector.AUTOMOTIVE: gettext_lazy("Cars and garages"),
    Sector.BANKING: gettext_lazy("Banks"),
    Sector.CHARITY: gettext_lazy("Charities"),
    Sector.CONSTRUCTION: gettext_lazy("Building"),
    Sector.CONSUMER_GOODS: gettext_lazy("Consumer goods"),
    Sector.CULTURE: gettext_lazy("Culture"),
    Sector.EDUCATION: gettext_lazy("Education"),
    Sector.ENERGY: gettext_lazy("Energy and water"),
    Sector.GOVERNMENT: gettext_lazy("Government"),
    Sector.HEALTHCARE: gettext_lazy("Care and health"),
    Sector.HOSPITALITY: gettext_lazy("Hotels and restaurants"),
    Sector.HOUSING: gettext_lazy("Housing"),
    Sector.INSURANCE: gettext_lazy("Insurance and pensions"),
    Sector.IT_SERVICES: gettext_lazy("IT services"),
    Sector.LEISURE: gettext_lazy("Leisure and sport"),
    Sector.LOGISTICS: gettext_lazy("Transport and parcels"),
    Sector.MANUFACTURING: gettext_lazy("Industry"),
    Sector.MEDIA: gettext_lazy("Media"),
    Sector.PAYMENTS: gettext_lazy("Payments"),
    Sector.PROFESSIONAL: gettext_lazy("Professional services"),
    Sector.PUBLIC_TRANSPORT: gettext_lazy("Public transport"),
    Sector.RETAIL: gettext_lazy("Shops"),
    Sector.SOFTWARE: gettext_lazy("Software"),
    Sector.SUPERMARKETS: gettext_lazy("Supermarkets"),
    Sector.TELECOM: gettext_lazy("Telephone and internet"),
    Sector.TRAVEL: gettext_lazy("Travel"),
    Sector.WEB_SHOPS: gettext_lazy("Web shops"),
    Sector.WHOLESALE: gettext_lazy("Wholesale"),
}
MODES = {
    Mode.EMAIL: gettext_lazy("by e-mail"),
    Mode.WEB: gettext_lazy("on a website"),
    Mode.PHONE: gettext_lazy("by telephone"),
    Mode.SMS: gettext_lazy("by text message"),
    Mode.FACE: gettext_lazy("face to face"),
    Mode.PANEL: gettext_lazy("in a panel"),
    Mode.MIXED: gettext_lazy("in several ways"),
    Mode.UNKNOWN: gettext_lazy("not told"),
}
KINDS = {
    Kind.RELATIONSHIP: gettext_lazy("the relationship"),
    Kind.TRANSACTIONAL: gettext_lazy("a moment"),
    Kind.UNKNOWN: gettext_lazy("not told"),
}
STATISTICS = {
    Statistic.NPS: gettext_lazy("NPS, in points"),
    Statistic.CSAT: gettext_lazy("Satisfied, in percent"),
}
WARNINGS = {
    Warned.COUNTRY: gettext_lazy("another country: people there answer in another style"),
    Warned.MODE: gettext_lazy("asked in another way: on the telephone people rate higher"),
    Warned.MODE_UNKNOWN: gettext_lazy("how people were asked is not known"),
    Warned.KIND: gettext_lazy("about something else: a moment and a relationship differ"),
    Warned.NO_BASE: gettext_lazy("how many answered is not told, so its own margin is unknown"),
}
BANDS = {
    Band.BELOW_0: gettext_lazy("below 0"),
    Band.FROM_0: gettext_lazy("0 to 30"),
    Band.FROM_30: gettext_lazy("30 to 50"),
    Band.FROM_50: gettext_lazy("50 to 70"),
    Band.FROM_70: gettext_lazy("70 and higher"),
}


def refusal(reason: Refused, sector: str) -> str:
    """Why a number is not compared, in a sentence."""
    if reason is Refused.OTHER_SECTOR:
        return _(
            "Not compared: %(sector)s is another sector. In one country, one study and one year "
            "the means of sectors lay between −6 and 30 (XM Institute 2023), so the difference "
            "would be the sector’s and not yours."
        ) % {"sector": str(SECTORS[Sector(sector)])}
    return {
        Refused.NO_SECTOR: _("Not compared: say first in which sector you are."),
        Refused.OTHER_STATISTIC: _("Not compared: it counts something else than your score."),
        Refused.NO_OWN: _("Not compared: nobody answered you in that year."),
    }[reason]
