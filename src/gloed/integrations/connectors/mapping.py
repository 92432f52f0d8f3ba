"""The mapping editor: point at what came, say what it is, and see what it would have become."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gloed.base.models import Organisation
from gloed.base.outward import NotReached
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.sealing import CannotOpen
from gloed.base.undo import offer_undo, take_undo
from gloed.integrations.connectors import operations, shape
from gloed.integrations.connectors.desk import OURS, Desk, Refused
from gloed.integrations.connectors.models import Arrival, Connection
from gloed.integrations.inbound.rules import FIELD, Means, What, places, read
from gloed.surveys.models import Survey

INBOUND = "inbound"
SAMPLES, MOST_LOOKED = 5, 50
WHAT = (
    (What.EVENT.value, gettext_lazy("something that happened, for the triggers")),
    (What.PERSON.value, gettext_lazy("a customer, to be brought up to date")),
    (What.ANSWER.value, gettext_lazy("an answer to a survey")),
)
MEANS = (
    ("", gettext_lazy("nothing")),
    (Means.ID.value, gettext_lazy("its own number, so that it counts once")),
    (Means.KIND.value, gettext_lazy("what happened")),
    (Means.AT.value, gettext_lazy("when")),
    (Means.EMAIL.value, gettext_lazy("the customer’s e-mail address")),
    (Means.PHONE.value, gettext_lazy("the customer’s telephone")),
    (Means.EXTERNAL_ID.value, gettext_lazy("the customer’s number with you")),
    (Means.NAME.value, gettext_lazy("the customer’s name")),
    (Means.LANGUAGE.value, gettext_lazy("the customer’s language")),
    (Means.ACCOUNT.value, gettext_lazy("the firm they belong to")),
    (Means.ATTRIBUTE.value, gettext_lazy("an attribute of the customer")),
    (Means.PROPERTY.value, gettext_lazy("a detail of what happened")),
    (Means.RATING.value, gettext_lazy("the rating")),
    (Means.WORDS.value, gettext_lazy("the words of the customer")),
)
WHO = {Means.EMAIL, Means.PHONE, Means.EXTERNAL_ID}


@dataclass(frozen=True, slots=True)
class Places:
    """What the other side has: fields of a contact, and where tickets may go by setting."""

    fields: Sequence[tuple[str, str]] = ()
    queues: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    is_reached: bool = False


class MappingForm(forms.Form):
    """What a body becomes, and which field is what."""

    what = forms.ChoiceField(
        label=gettext_lazy("What comes in is"), choices=WHAT, widget=forms.RadioSelect
    )
    kind = forms.CharField(
        label=gettext_lazy("What happened, where no field says it"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Such as “order delivered”; triggers know it by this name."),
    )
    survey = forms.ChoiceField(label=gettext_lazy("The survey it answers"), required=False)
    sample = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        organisation: Organisation,
        sample: list[tuple[str, Any]],
        *args: Any,
        known: dict[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].initial = known.get("what") or What.EVENT.value
        self.fields["kind"].initial = known.get("kind", "")
        self.fields["survey"].initial = known.get("survey", "")
        surveys = Survey.objects.filter(organisation=organisation, deleted_at=None)
        titles = [(str(key), title) for key, title in surveys.values_list("public_id", "title")]
        self.fields["survey"].choices = [("", "–"), *titles]  # type: ignore[attr-defined]  # a choice field
        self.places = {f"p{number}": place for number, (place, _value) in enumerate(sample)}
        for name, (place, value) in zip(self.places, sample, strict=True):
            shown = "" if value is None else str(value)[:60]
            meaning = known.get(FIELD + place, "").partition(":")[0]
            self.fields[name] = forms.ChoiceField(
                label=f"{place.lstrip('/').replace('/', ' › ')}",
                help_text=shown or _("(empty)"),
                choices=MEANS,
                initial=meaning,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """It must say who, and what it is about."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = [data.get(name) for name in self.places]
        what = data.get("what")
        if what != What.ANSWER and not WHO & {Means(one) for one in chosen if one}:
            self.add_error(
                None, _("Point out the customer: an e-mail address, a telephone or a number.")
            )
        if what == What.EVENT and not data.get("kind") and Means.KIND not in chosen:
            self.add_error("kind", _("Say what happened, or point at the field that does."))
        if what == What.ANSWER:
            if not data.get("survey"):
                self.add_error("survey", _("Choose the survey."))
            if Means.RATING not in chosen:
                self.add_error(None, _("Point out the rating."))
        return data

    def mapping(self) -> dict[str, str]:
        """What is kept."""
        data = self.cleaned_data
        found = {"what": data["what"], "kind": data["kind"], "survey": data["survey"]}
        pointed = {FIELD + place: data[name] for name, place in self.places.items() if data[name]}
        return {**found, **pointed}


class ContactForm(forms.Form):
    """Where tickets go there, and which field of a contact holds what of us."""

    def __init__(
        self,
        desk: Desk,
        places: Places,
        *args: Any,
        connection: Connection,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.queues = tuple(places.queues)
        labels = {one.name: one.label for one in desk.settings}
        for name, found in places.queues.items():
            now = str(connection.settings.get(name) or "")
            kept = [] if now in dict(found) or not now else [(now, now)]
            self.fields[f"to_{name}"] = forms.ChoiceField(
                label=str(labels[name]),
                choices=[("", _("as the other side decides")), *kept, *found],
                initial=now,
                required=False,
            )
        if not places.fields:
            return
        known, theirs = connection.mapping, places.fields
        choices = [("", _("nowhere")), *((name, f"{label} ({name})") for name, label in theirs)]
        for ours, label in OURS.items():
            self.fields[ours] = forms.ChoiceField(
                label=capfirst(label), choices=choices, initial=known.get(ours, ""), required=False
            )


def mapping_link(connection: Connection) -> tuple[str, str] | None:
    """The words and address of the editor, where a connection has one."""
    if isinstance(shape.find(connection.kind), Desk):
        here = reverse("connectors:contact", args=[connection.public_id])
        return _("Where things go"), here
    if connection.kind != INBOUND:
        return None
    return _("Which field is what"), reverse("connectors:mapping", args=[connection.public_id])


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may("base.manage_keys")
def mapping(request: StaffRequest, connection_id: UUID) -> HttpResponse:
    """Say which field is what, look what the last ones would become, and keep it."""
    connection = _find(request, connection_id)
    found = _samples(connection, request.POST.get("sample", ""))
    samples = [body for _key, body in found]
    sample = list(places(samples[0])) if samples else []
    form = MappingForm(
        request.organisation,
        sample,
        request.POST or None,
        known=dict(connection.mapping),
        initial={"sample": found[0][0] if found else ""},
    )
    shown: list[list[tuple[str, str]]] = []
    if request.method == "POST" and form.is_valid():
        wanted = form.mapping()
        if "preview" not in request.POST:
            operations.keep_mapping(connection, wanted, by=request.user, now=timezone.now())
            undo_url = reverse("connectors:mapping_undo", args=[connection.public_id])
            offer_undo(request, _("From now on it is read this way."), undo_url)
            return redirect("connectors:detail", connection.public_id)
        shown = [_preview(one, wanted) for one in samples]
    context = {
        "connection": connection,
        "form": form,
        "has_sample": bool(samples),
        "address": operations.address_of(connection),
        "shown": shown,
        "crumbs": [
            (_("Connections"), reverse("connectors:home")),
            (connection.name, reverse("connectors:detail", args=[connection.public_id])),
        ],
        "undo": take_undo(request),
    }
    return render_page(request, "connectors/mapping.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may("base.manage_keys")
def contact(request: StaffRequest, connection_id: UUID) -> HttpResponse:
    """Choose, of the fields the other side has, where scores stand on a contact."""
    mine = Connection.objects.filter(organisation=request.organisation, deleted_at=None)
    connection = get_object_or_404(mine.select_related("organisation"), public_id=connection_id)
    connector = shape.find(connection.kind)
    if not isinstance(connector, Desk):
        raise Http404
    places = _places_of(connector, connection)
    form = ContactForm(connector, places, request.POST or None, connection=connection)
    if form.fields and request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        chosen = {name: told[f"to_{name}"] for name in form.queues}
        wanted = {ours: told[ours] for ours in OURS if told.get(ours)}
        now = timezone.now()
        operations.keep_places(connection, chosen, wanted, by=request.user, now=now)
        messages.success(request, _("From the next answer and the next case on it goes there."))
        return redirect("connectors:detail", connection.public_id)
    context = {
        "connection": connection,
        "form": form,
        "theirs": places.fields,
        "has_choice": bool(form.fields),
        "is_reached": places.is_reached,
        "crumbs": [
            (_("Connections"), reverse("connectors:home")),
            (connection.name, reverse("connectors:detail", args=[connection.public_id])),
        ],
    }
    return render_page(request, "connectors/contact.html", context)


def _places_of(connector: Desk, connection: Connection) -> Places:
    """What the other side has to choose from, fields by their labels; empty where not reached."""
    try:
        access = operations.access_of(connection)
        fields, queues = connector.fields(access), connector.queues(access)
    except (NotReached, Refused, CannotOpen, LookupError, TypeError):
        return Places()
    return Places(sorted(fields, key=lambda pair: pair[1].casefold()), queues, is_reached=True)


@require_POST
@staff_may("base.manage_keys")
def undo(request: StaffRequest, connection_id: UUID) -> HttpResponse:
    """Go back to the mapping of before."""
    connection = _find(request, connection_id)
    if operations.undo_mapping(connection, by=request.user, now=timezone.now()):
        messages.success(request, _("It is read as before."))
    return redirect("connectors:detail", connection.public_id)


def _find(request: StaffRequest, connection_id: UUID) -> Connection:
    mine = Connection.objects.filter(organisation=request.organisation, deleted_at=None)
    connection = get_object_or_404(mine, public_id=connection_id)
    if connection.kind != INBOUND:
        raise Http404
    return connection


def _samples(connection: Connection, wanted: str) -> list[tuple[str, Any]]:
    """The last bodies, masked, the newest first; of a list the first thing in it.

    `wanted` is the one the page was about: it comes first, whatever came in meanwhile.
    """
    kept = Arrival.objects.filter(connection=connection).exclude(body="")
    found: list[tuple[str, Any]] = []
    for key, body in kept.values_list("public_id", "body")[:MOST_LOOKED]:
        try:
            one = json.loads(body)
        except ValueError:  # too long to be kept whole
            continue
        found.append((str(key), one[0] if isinstance(one, list) and one else one))
    found.sort(key=lambda pair: pair[0] != wanted)
    return found[:SAMPLES]


def _preview(body: Any, wanted: dict[str, str]) -> list[tuple[str, str]]:
    """What one body would become, line by line; masked as it is kept."""
    found = read(body, wanted)
    labels = dict(MEANS)
    lines = [(str(labels[means.value]), text) for means, text in found.texts.items()]
    lines += [(name, str(value)) for name, value in found.attributes.items()]
    lines += [(name, str(value)) for name, value in found.properties.items()]
    return lines
