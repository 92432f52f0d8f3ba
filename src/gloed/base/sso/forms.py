"""The forms of log-in services."""

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gloed.base import wording
from gloed.base.outward import BadAddress, read_address
from gloed.base.outward.client import configured
from gloed.base.rules import Role
from gloed.base.sso.models import LogIn
from gloed.base.sso.rules import GOOGLE_ISSUER, MICROSOFT_ISSUER, Kind
from gloed.base.sso.wording import GAPS

_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
_TENANT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|" + _DOMAIN.pattern)
_SHARED = {"common", "organizations", "consumers"}
MAY_JOIN = (Role.VIEWER, Role.FRONTLINE, Role.ANALYST, Role.MANAGER)


class _WhoMayForm(forms.Form):
    """What every service has: the words on its button, and who may come in with it."""

    name = forms.CharField(label=_("Words on the button"), max_length=40)
    domains = forms.CharField(
        label=_("Only addresses of these domains"),
        max_length=1_000,
        required=False,
        help_text=_("Separated by commas, such as example.org."),
    )
    joins_as = forms.ChoiceField(
        label=_("Who comes without being invited"),
        required=False,
        help_text=_("Only addresses of the domains above; an owner is always invited."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [
            (role.value, _("comes in as %(role)s") % {"role": wording.ROLES[role]})
            for role in MAY_JOIN
        ]
        self.fields["joins_as"].choices = [("", _("stays outside")), *roles]  # type: ignore[attr-defined]  # a choice field

    def clean_domains(self) -> list[str]:
        """Every domain, once."""
        found = [one.strip().lower().lstrip("@") for one in self.cleaned_data["domains"].split(",")]
        found = list(dict.fromkeys(one for one in found if one))
        for one in found:
            if not _DOMAIN.fullmatch(one):
                raise forms.ValidationError(_("“%(domain)s” is no domain.") % {"domain": one})
        return found

    def clean(self) -> dict[str, Any]:
        """Nobody joins by themselves without a domain that says who."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("joins_as") and not data.get("domains") and "domains" not in self.errors:
            self.add_error("domains", _("Name the domains whose people may join by themselves."))
        return data


class LogInForm(_WhoMayForm):
    """What a service told when Gloed was registered there."""

    tenant = forms.CharField(
        label=_("Directory (tenant) ID"),
        max_length=100,
        help_text=_(
            "From the overview of the app in Entra; your own, so that nobody else comes in."
        ),
    )
    issuer = forms.CharField(
        label=_("Address of the service (issuer)"),
        max_length=300,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("Without /.well-known at the end."),
    )
    client_id = forms.CharField(label=_("Client ID"), max_length=190)
    secret = forms.CharField(
        label=_("Client secret"),
        max_length=190,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=False),
    )
    field_order = ("name", "tenant", "issuer", "client_id", "secret", "domains", "joins_as")

    def __init__(self, kind: Kind, *args: Any, log_in: LogIn | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.log_in = kind, log_in
        if kind is not Kind.MICROSOFT:
            del self.fields["tenant"]
        if kind is not Kind.OPEN_ID:
            del self.fields["issuer"]
        if kind is Kind.MICROSOFT:
            self.fields["domains"].required = True
        if log_in is not None:
            self.fields["secret"].required = False
            self.fields["secret"].help_text = _("Kept sealed; leave it empty to keep it.")

    def clean_tenant(self) -> str:
        """One directory, not everybody's."""
        tenant = str(self.cleaned_data["tenant"]).strip().lower()
        if tenant in _SHARED or not _TENANT.fullmatch(tenant):
            raise forms.ValidationError(_("This is not the ID of one directory."))
        return tenant

    def clean_issuer(self) -> str:
        """An address that may be called."""
        issuer = str(self.cleaned_data["issuer"]).strip().rstrip("/")
        try:
            read_address(issuer, configured())
        except BadAddress:
            raise forms.ValidationError(_("This is no address that can be called.")) from None
        return issuer

    def values(self) -> dict[str, Any]:
        """What is kept."""
        data = self.cleaned_data
        issuer = {
            Kind.GOOGLE: GOOGLE_ISSUER,
            Kind.MICROSOFT: MICROSOFT_ISSUER.format(tenant=data.get("tenant", "")),
        }.get(self.kind) or data["issuer"]
        return {
            "name": data["name"],
            "issuer": issuer,
            "client_id": data["client_id"].strip(),
            "secret": data["secret"].strip(),
            "domains": data["domains"],
            "joins_as": data["joins_as"],
        }


class SamlForm(_WhoMayForm):
    """Where a SAML service tells about itself, and what it calls an address and a name."""

    address = forms.CharField(
        label=_("Address of its metadata"),
        max_length=1_000,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("It is read again now and then, so that a new certificate is known in time."),
    )
    pasted = forms.CharField(
        label=_("Or its metadata (XML)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Where Gloed cannot reach that address."),
    )
    address_in = forms.CharField(
        label=_("Attribute with the address"),
        max_length=200,
        required=False,
        help_text=_("Empty: the usual names are tried, and then the name of the account itself."),
    )
    name_in = forms.CharField(
        label=_("Attribute with the name"),
        max_length=200,
        required=False,
        help_text=_("Empty: the usual names are tried."),
    )
    field_order = ("name", "address", "pasted", "address_in", "name_in", "domains", "joins_as")

    def __init__(self, *args: Any, log_in: LogIn | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.log_in = log_in
        self.fields["domains"].required = True
        if log_in is not None:
            self.fields["pasted"].help_text = _("Leave it empty to keep what is known.")

    def clean_address(self) -> str:
        """An address that may be called."""
        address = str(self.cleaned_data["address"]).strip()
        try:
            if address:
                read_address(address, configured())
        except BadAddress:
            raise forms.ValidationError(_("This is no address that can be called.")) from None
        return address

    def clean(self) -> dict[str, Any]:
        """Read what the service tells about itself, wherever it stands."""
        from gloed.base.sso import metadata  # noqa: PLC0415 - certificates, only on this page

        data = super().clean()
        address, pasted = data.get("address", ""), str(data.get("pasted") or "").strip()
        if self.errors:
            return data
        known = self.log_in.idp.get("address", "") if self.log_in is not None else None
        place = "pasted" if pasted else "address"
        try:
            if pasted:
                data["service"] = metadata.read(pasted.encode())
            elif address and address != known:
                data["service"] = metadata.fetch(address)
            elif known is None:
                self.add_error("address", _("Give its address, or paste it below."))
        except metadata.NotUsable as trouble:
            self.add_error(place, GAPS[trouble.gap])
        return data

    def values(self) -> dict[str, Any]:
        """What is kept. Without new metadata the service is as it was."""
        data, service = self.cleaned_data, self.cleaned_data.get("service")
        idp = dict(self.log_in.idp) if self.log_in is not None else {}
        idp |= {"address": data["address"], "address_in": data["address_in"].strip()}
        idp["name_in"] = data["name_in"].strip()
        if service is not None:
            idp |= {"sign_in": service.sign_in, "certificates": list(service.certificates)}
            idp["read_at"] = timezone.now().isoformat()
        known = self.log_in.issuer if self.log_in is not None else ""
        return {
            "name": data["name"],
            "issuer": service.entity_id if service is not None else known,
            "client_id": "",
            "secret": "",
            "idp": idp,
            "domains": data["domains"],
            "joins_as": data["joins_as"],
        }


def form_of(kind: Kind, data: Any = None, **more: Any) -> LogInForm | SamlForm:
    """The form for a kind of service."""
    return SamlForm(data, **more) if kind is Kind.SAML else LogInForm(kind, data, **more)
