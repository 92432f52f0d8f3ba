"""Why somebody stays outside or a service is not understood, in words."""

from django.utils.translation import gettext_lazy as _

from gloed.base.sso.rules import Doubt, Gap, Kind, Refusal, Way

REFUSALS = {
    Refusal.NOT_VERIFIED: _(
        "The service does not vouch for your address. Confirm it there, or log in with your "
        "password."
    ),
    Refusal.OTHER_DOMAIN: _("Your address is of a domain that is not let in this way."),
    Refusal.NOT_INVITED: _("Nobody invited this address yet. Ask an owner of your organisation."),
    Refusal.WORKS_ELSEWHERE: _(
        "You work for several organisations here, and a service of one does not open the others. "
        "Log in with your password."
    ),
    Refusal.CLOSED: _(
        "This account is closed. Ask an owner of your organisation to open it again."
    ),
}

GAPS = {
    Gap.NOT_REACHED: _("Nothing came back from this address. Paste the metadata instead."),
    Gap.NOT_XML: _("This is not the XML of metadata, or it is longer than can be read."),
    Gap.NO_SERVICE: _("This describes no service that people log in with."),
    Gap.SEVERAL: _("This describes several services. Give the metadata of the one you use."),
    Gap.NO_WAY_IN: _("It names no safe address to log in at by redirect (HTTP-Redirect)."),
    Gap.NO_CERTIFICATE: _("It holds no certificate to sign with, so nothing could be believed."),
}
DOUBTS = {
    Doubt.NOT_LET_IN: _("The service sent you back without letting you in. Nothing was changed."),
    Doubt.NOT_SIGNED: _(
        "What the service said was not signed, so it is not believed. Whoever looks after it can "
        "let it sign assertions."
    ),
    Doubt.WRONG_SIGNATURE: _(
        "What the service said was signed with a key that is not known here. If the service has a "
        "new certificate, an owner can let Gloed read its metadata again."
    ),
    Doubt.OUT_OF_TIME: _(
        "What the service said does not hold any more, or not yet. Try once more; if it happens "
        "again, one of the two clocks is wrong."
    ),
    Doubt.NOT_FOR_US: _(
        "What the service said was meant for another place or came too late. Try once more; if it "
        "happens again, compare the addresses it was given with those on the page of the service."
    ),
    Doubt.OTHER_ISSUER: _("This was said by another service than the one that is known here."),
    Doubt.ENCRYPTED: _(
        "What the service said is encrypted. Whoever looks after it can switch that off; the way "
        "between is encrypted already."
    ),
    Doubt.UNASKED: _(
        "This log-in did not begin here, or too long ago, or in another browser. Begin at the "
        "log-in page."
    ),
    Doubt.REPLAYED: _("This log-in was used before. Begin again at the log-in page."),
    Doubt.UNREADABLE: _("What came back from the service cannot be read. Nothing was changed."),
}
NEEDS_PACKAGE = _("This needs one thing more on the server: pip install 'gloed[saml]'.")
NAMES = {
    Kind.GOOGLE: _("Google"),
    Kind.MICROSOFT: _("Microsoft"),
    Kind.OPEN_ID: _("your account at work"),
    Kind.SAML: _("your account at work"),
}
WAYS = {
    Way.KNOWN: _("Comes in, as the colleague with this address."),
    Way.INVITED: _("Comes in, with the invitation that is waiting."),
    Way.JOINS: _("Comes in for the first time, without having been invited."),
}
