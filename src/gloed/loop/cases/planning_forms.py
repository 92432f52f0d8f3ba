"""What is asked on the pages of rules, routes, absences and settings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Membership, Organisation, Team
from gloed.base.queries import list_teams
from gloed.coding.queries import list_live
from gloed.fieldwork.forms.policy import COUNTRIES, NONE
from gloed.fieldwork.rules import Condition
from gloed.loop.cases.models import Case, CaseSettings, OpeningRule, Route
from gloed.loop.cases.operations import handlers
from gloed.loop.cases.rules import Asks, Fits, Priority, read_asks, read_fits
from gloed.loop.cases.worth import currency_of
from gloed.surveys.models import Survey, Touchpoint

BANDS = (
    ("detractor", _("detractors: a low score")),
    ("passive", _("passives: in between")),
    ("promoter", _("promoters: a high score")),
)
WEEKDAYS = (
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
)
MOST_HOURS = 400
WORTH = _(
    "In %(currency)s: the revenue of the last 12 months in your list of customers, of the whole "
    "firm somebody belongs to."
)
NO_WORTH = _(
    "You have no list of customers yet. Without one nobody’s revenue is known, and such a rule "
    "opens nothing. You bring one in under Understand, Customers."
)
Choices = list[tuple[str, str]]


def many(label: Any, choices: Choices, **kwargs: Any) -> forms.MultipleChoiceField:
    """Several of a short list, as boxes to tick."""
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        **kwargs,
    )


def surveys_of(organisation: Organisation) -> Choices:
    """The surveys of an organisation that can be meant."""
    rows = Survey.objects.filter(organisation=organisation, deleted_at=None)
    return [(str(one.public_id), one.title) for one in rows.order_by("title")]


def touchpoints_of(organisation: Organisation) -> Choices:
    """Its touchpoints."""
    rows = Touchpoint.objects.filter(organisation=organisation, removed_at=None)
    return [(str(one.public_id), one.name) for one in rows.order_by("name")]


def teams_of(organisation: Organisation) -> Choices:
    """Its teams."""
    return [(str(one.public_id), one.name) for one in list_teams(organisation)]


class RuleForm(forms.Form):
    """When a case opens by itself; everything that is filled in must hold."""

    name = forms.CharField(label=_("Name"), max_length=120)
    bands = forms.MultipleChoiceField(
        label=_("Score group"),
        choices=BANDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    at_most = forms.IntegerField(label=_("Gave at most"), required=False, min_value=0, max_value=10)
    consent = forms.BooleanField(label=_("Said that we may call or write"), required=False)
    words = forms.CharField(
        label=_("Wrote one of these words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on each line. A star stands for any ending: cancel*."),
    )

    def __init__(self, *args: Any, organisation: Organisation, language: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        themes = [(one.key, one.name_in(language)) for one in list_live(organisation)]
        if themes:
            self.fields["themes"] = forms.MultipleChoiceField(
                label=_("Speaks of one of these themes, not only to praise it"),
                choices=themes,
                required=False,
                widget=forms.SelectMultiple(attrs={"size": 6}),
            )
        self.fields["silent_days"] = forms.IntegerField(
            label=_("Or: was silent for so many days"),
            required=False,
            min_value=7,
            max_value=3650,
            help_text=_("For key contacts: say below who they are. Answers do not matter then."),
        )
        currency = currency_of(organisation)
        self.fields["worth_from"] = forms.IntegerField(
            label=_("Customer brings in at least so much a year"),
            required=False,
            min_value=1,
            max_value=1_000_000_000,
            help_text=WORTH % {"currency": currency} if currency else NO_WORTH,
        )
        if surveys := surveys_of(organisation):
            self.fields["surveys"] = many(_("Only in these surveys"), surveys)
        if touchpoints := touchpoints_of(organisation):
            self.fields["touchpoints"] = many(_("Only at these touchpoints"), touchpoints)
        self.fields["priority"] = forms.ChoiceField(
            label=_("How soon"), choices=Case.Priority.choices
        )

    @staticmethod
    def initial_of(rule: OpeningRule) -> dict[str, Any]:
        """What the form begins with for a rule that is there."""
        asks = read_asks(rule.asks)
        return {
            "name": rule.name,
            "bands": sorted(asks.bands),
            "at_most": asks.at_most,
            "consent": asks.consent,
            "words": "\n".join(asks.words),
            "themes": sorted(asks.themes),
            "silent_days": asks.silent_days,
            "worth_from": asks.worth_from,
            "surveys": sorted(asks.surveys),
            "touchpoints": sorted(asks.touchpoints),
            "priority": rule.priority,
        }

    def asks(self, conditions: tuple[Condition, ...]) -> Asks:
        """What the rule asks, with the conditions of the rows below."""
        data = self.cleaned_data
        words = [line.strip() for line in data["words"].splitlines()]
        return Asks(
            bands=frozenset(data["bands"]),
            at_most=data["at_most"],
            consent=data["consent"],
            words=tuple(dict.fromkeys(word for word in words if word.strip("* "))),
            themes=frozenset(data.get("themes", ())),
            conditions=conditions,
            worth_from=data["worth_from"],
            silent_days=data["silent_days"],
            surveys=frozenset(data.get("surveys", ())),
            touchpoints=frozenset(data.get("touchpoints", ())),
        )

    def priority(self) -> Priority:
        """How soon."""
        return Priority(int(self.cleaned_data["priority"]))


class RouteForm(forms.Form):
    """Which cases go to whom."""

    name = forms.CharField(label=_("Name"), max_length=120)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        teams = teams_of(organisation)
        if touchpoints := touchpoints_of(organisation):
            self.fields["touchpoints"] = many(_("Only at these touchpoints"), touchpoints)
        if teams:
            self.fields["teams"] = many(_("Only answers about these teams"), teams)
        if surveys := surveys_of(organisation):
            self.fields["surveys"] = many(_("Only in these surveys"), surveys)
        if teams:
            self.fields["team"] = forms.ChoiceField(
                label=_("They go to the team"),
                required=False,
                choices=[("", _("the team of the answer")), *teams],
            )
        self.fields["way"] = forms.ChoiceField(label=_("And there to"), choices=Route.Way.choices)
        self.fields["members"] = many(
            _("Only these colleagues"),
            [(str(one.public_id), str(one)) for one in handlers(organisation)],
            help_text=_("None ticked: everybody of the team who answers customers."),
        )

    @staticmethod
    def initial_of(route: Route) -> dict[str, Any]:
        """What the form begins with for a route that is there."""
        fits = read_fits(route.fits)
        return {
            "name": route.name,
            "touchpoints": sorted(fits.touchpoints),
            "teams": sorted(fits.teams),
            "surveys": sorted(fits.surveys),
            "team": str(route.team.public_id) if route.team else "",
            "way": route.way,
            "members": [str(one.public_id) for one in route.members.all()],
        }

    def fits(self, conditions: tuple[Condition, ...]) -> Fits:
        """Which cases, with the conditions of the rows below."""
        data = self.cleaned_data
        return Fits(
            conditions=conditions,
            surveys=frozenset(data.get("surveys", ())),
            touchpoints=frozenset(data.get("touchpoints", ())),
            teams=frozenset(data.get("teams", ())),
        )

    def team(self) -> Team | None:
        """The team they go to; None: that of the answer."""
        wanted = self.cleaned_data.get("team")
        return list_teams(self.organisation).filter(public_id=wanted).first() if wanted else None

    def members(self) -> list[Membership]:
        """The colleagues who take turns."""
        chosen = set(self.cleaned_data["members"])
        return [one for one in handlers(self.organisation) if str(one.public_id) in chosen]


class AbsenceForm(forms.Form):
    """When a colleague is away, and who stands in."""

    def __init__(
        self, *args: Any, colleagues: list[Membership], own: Membership | None = None, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self._by_id = {str(one.public_id): one for one in colleagues}
        self._own = own
        choices = [(key, str(one)) for key, one in self._by_id.items()]
        if own is None:
            self.fields["who"] = forms.ChoiceField(label=_("Who is absent"), choices=choices)
        day = forms.DateInput(attrs={"type": "date"})
        self.fields["starts_on"] = forms.DateField(label=_("From"), widget=day)
        self.fields["ends_on"] = forms.DateField(label=_("Until and including"), widget=day)
        self.fields["stand_in"] = forms.ChoiceField(
            label=_("Who stands in"), required=False, choices=[("", _("nobody")), *choices]
        )

    def clean(self) -> dict[str, Any]:
        """It ends after it began."""
        data: dict[str, Any] = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("This day is before the first."))
        return data

    def values(self) -> dict[str, Any]:
        """The fields as the operation takes them."""
        data = self.cleaned_data
        return {
            "membership": self._own or self._by_id[data["who"]],
            "starts_on": data["starts_on"],
            "ends_on": data["ends_on"],
            "stand_in": self._by_id.get(data["stand_in"]),
        }


class HoursForm(forms.Form):
    """Working hours, and how soon a customer must hear from us."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("We work on"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    opens = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}))
    closes = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}))
    country = forms.ChoiceField(label=_("Public holidays of"), choices=COUNTRIES)
    hours_urgent = forms.IntegerField(
        label=_("At once: within so many working hours"), min_value=1, max_value=MOST_HOURS
    )
    hours_high = forms.IntegerField(
        label=_("Goes first: within so many working hours"), min_value=1, max_value=MOST_HOURS
    )
    hours_normal = forms.IntegerField(
        label=_("Normal: within so many working hours"), min_value=1, max_value=MOST_HOURS
    )
    remind_hours = forms.IntegerField(
        label=_("Remind so many working hours before"),
        min_value=0,
        max_value=MOST_HOURS,
        help_text=_("0: no reminder."),
    )
    quarantine = forms.BooleanField(
        label=_("Ask a customer nothing while their case is open"), required=False
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._by_id = {str(one.public_id): one for one in handlers(organisation)}
        self.fields["escalate_to"] = forms.ChoiceField(
            label=_("Who hears of a late case"),
            required=False,
            choices=[
                ("", _("every manager")),
                *((key, str(one)) for key, one in self._by_id.items()),
            ],
        )

    @staticmethod
    def initial_of(settings: CaseSettings) -> dict[str, Any]:
        """What the form begins with."""
        names = ("weekdays", "opens", "closes", "hours_urgent", "hours_high", "hours_normal")
        values = {name: getattr(settings, name) for name in names}
        return values | {
            "remind_hours": settings.remind_hours,
            "quarantine": settings.quarantine,
            "country": settings.country or NONE,
            "escalate_to": str(settings.escalate_to.public_id) if settings.escalate_to else "",
        }

    def clean(self) -> dict[str, Any]:
        """A day ends after it begins."""
        data: dict[str, Any] = super().clean() or {}
        opens, closes = data.get("opens"), data.get("closes")
        if opens and closes and closes <= opens:
            self.add_error("closes", _("This is not later than the beginning."))
        return data

    def values(self) -> dict[str, Any]:
        """The fields as they are kept."""
        data = dict(self.cleaned_data)
        data["weekdays"] = sorted(data["weekdays"])
        data["country"] = "" if data["country"] == NONE else data["country"]
        data["escalate_to"] = self._by_id.get(data["escalate_to"])
        return data


class RoomForm(forms.Form):
    """What may be spent or decided without asking."""

    amount = forms.DecimalField(
        label=_("Up to this amount"),
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=2,
        localize=True,
    )
    words = forms.CharField(
        label=_("And this, in words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For instance: send a new one without a return, skip the fee, give a date."),
    )
