"""Rules and routes in a sentence."""

from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gloed.base.models import Organisation
from gloed.coding.queries import list_live
from gloed.fieldwork.sentences import conditions_words
from gloed.loop.cases.models import Route
from gloed.loop.cases.rules import Asks, Fits
from gloed.loop.cases.sentences import BANDS
from gloed.surveys.models import Survey, Touchpoint

Names = Mapping[str, str]


def names_of(organisation: Organisation, language: str) -> dict[str, str]:
    """What surveys, touchpoints, teams and themes are called, by public id or key."""
    names = {one.key: one.name_in(language) for one in list_live(organisation)}
    surveys = Survey.objects.filter(organisation=organisation).values_list("public_id", "title")
    names |= {str(key): title for key, title in surveys}
    places = Touchpoint.objects.filter(organisation=organisation).values_list("public_id", "name")
    names |= {str(key): name for key, name in places}
    teams = organisation.teams.values_list("public_id", "name")
    return names | {str(key): name for key, name in teams}


def asks_words(asks: Asks, names: Names) -> str:
    """What a rule asks: "a detractor’s score and may be called about it"."""
    if asks.silent_days:
        words = ngettext(
            "Nobody heard from them for a day",
            "Nobody heard from them for %(n)s days",
            asks.silent_days,
        ) % {"n": asks.silent_days}
        known = [conditions_words(asks.conditions)] if asks.conditions else []
        who = get_text_list([*known, *_worth(asks)], _("and"))
        return (
            _("%(silent)s, where %(who)s.") % {"silent": words, "who": who} if who else f"{words}."
        )
    parts: list[str] = []
    if asks.bands:
        order = [name for name in BANDS if name in asks.bands]
        parts.append(get_text_list([str(BANDS[name]) for name in order], _("or")))
    if asks.at_most is not None:
        parts.append(_("a rating of at most %(n)s") % {"n": asks.at_most})
    if asks.consent:
        parts.append(_("said that we may call or write"))
    if asks.words:
        parts.append(_("wrote %(words)s") % {"words": _either([f"“{one}”" for one in asks.words])})
    if asks.themes:
        themes = _either([names.get(one, one) for one in sorted(asks.themes)])
        parts.append(_("speaks of %(themes)s") % {"themes": themes})
    parts += _worth(asks)
    if asks.conditions:
        parts.append(conditions_words(asks.conditions))
    return _capital(get_text_list([*parts, *_places(asks, names)], _("and"))) + "."


def fits_words(route: Route, fits: Fits, names: Names) -> str:
    """Which cases a route is for and where they go."""
    parts = _places(fits, names)
    if fits.teams:
        teams = _either([names.get(one, one) for one in sorted(fits.teams)])
        parts.append(_("about %(teams)s") % {"teams": teams})
    if fits.conditions:
        parts.append(conditions_words(fits.conditions))
    which = _capital(get_text_list(parts, _("and"))) if parts else _("Every case")
    to = str(route.team) if route.team else _("the team of the answer")
    members = [str(one) for one in route.members.all()]
    if members:
        to = f"{to} ({', '.join(members)})"
    return _("%(which)s: to %(to)s, %(way)s.") % {
        "which": which,
        "to": to,
        "way": route.get_way_display(),
    }


def _places(one: Asks | Fits, names: Names) -> list[str]:
    parts = []
    if one.surveys:
        titles = _either([f"“{names.get(key, key)}”" for key in sorted(one.surveys)])
        parts.append(_("in %(surveys)s") % {"surveys": titles})
    if one.touchpoints:
        places = _either([names.get(key, key) for key in sorted(one.touchpoints)])
        parts.append(_("at %(touchpoints)s") % {"touchpoints": places})
    return parts


def _worth(asks: Asks) -> list[str]:
    if asks.worth_from is None:
        return []
    amount = number_format(asks.worth_from, force_grouping=True)
    return [_("their revenue is at least %(amount)s a year") % {"amount": amount}]


def _either(words: list[str]) -> str:
    return get_text_list(words, _("or"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
