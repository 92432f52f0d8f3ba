"""The way to a SAML service and back: asked signed, believed only where an answer is signed.

Loaded when somebody logs in that way, not at start; needs the extra `gloed[saml]`. Beyond what
python3-saml checks (signature by a pinned certificate, times, issuer, destination, one assertion)
an answer must name us as its audience, answer a question of ours within its signed part, say until
when it holds, and not have come before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.errors import OneLogin_Saml2_Error
from onelogin.saml2.errors import OneLogin_Saml2_ValidationError as Fault
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from gloed.base.links import absolute_url
from gloed.base.sealing import unseal
from gloed.base.sso.attributes import NameId
from gloed.base.sso.models import LogIn
from gloed.base.sso.rules import Doubt

MOST = 300_000  # characters of an answer as it comes, in base64
DRIFT = timedelta(seconds=Names.ALLOWED_CLOCK_DRIFT)
_CONFIRMATION = "//saml:SubjectConfirmationData"
_NO_KEY = OneLogin_Saml2_Error.PRIVATE_KEY_NOT_FOUND  # it is encrypted, and we give no key


class NotBelieved(Exception):
    """An answer that lets nobody in; `doubt` says why."""

    def __init__(self, doubt: Doubt) -> None:
        super().__init__(doubt.value)
        self.doubt = doubt


@dataclass(frozen=True, slots=True)
class Told:
    """What a believed answer says. `asked` is our question, `until` when the answer ends (UTC)."""

    assertion: str
    asked: str
    until: datetime
    name_id: NameId
    attributes: Mapping[str, Sequence[str]]


_DOUBTS = {
    Fault.STATUS_CODE_IS_NOT_SUCCESS: Doubt.NOT_LET_IN,
    Fault.NO_SIGNED_ASSERTION: Doubt.NOT_SIGNED,
    Fault.NO_SIGNATURE_FOUND: Doubt.NOT_SIGNED,
    Fault.INVALID_SIGNATURE: Doubt.WRONG_SIGNATURE,
    Fault.DEPRECATED_SIGNATURE_METHOD: Doubt.WRONG_SIGNATURE,
    Fault.DEPRECATED_DIGEST_METHOD: Doubt.WRONG_SIGNATURE,
    Fault.ASSERTION_TOO_EARLY: Doubt.OUT_OF_TIME,
    Fault.ASSERTION_EXPIRED: Doubt.OUT_OF_TIME,
    Fault.SESSION_EXPIRED: Doubt.OUT_OF_TIME,
    Fault.RESPONSE_EXPIRED: Doubt.OUT_OF_TIME,
    Fault.WRONG_SUBJECTCONFIRMATION: Doubt.NOT_FOR_US,
    Fault.WRONG_DESTINATION: Doubt.NOT_FOR_US,
    Fault.EMPTY_DESTINATION: Doubt.NOT_FOR_US,
    Fault.WRONG_AUDIENCE: Doubt.NOT_FOR_US,
    Fault.WRONG_ISSUER: Doubt.OTHER_ISSUER,
}


def ask(log_in: LogIn) -> tuple[str, str]:
    """The address at the service to go to, and the id of the question it carries."""
    settings = OneLogin_Saml2_Settings(settings=_settings(log_in, with_key=True))
    auth = OneLogin_Saml2_Auth(_here(log_in), settings)
    address: str = auth.login(return_to="")
    return address, auth.get_last_request_id()


def about_us(log_in: LogIn) -> bytes:
    """Our own metadata, for the service."""
    settings = OneLogin_Saml2_Settings(
        settings=_settings(log_in, with_key=True), sp_validation_only=True
    )
    written: bytes | str = settings.get_sp_metadata()
    return written.encode() if isinstance(written, str) else written


def believe(log_in: LogIn, encoded: str) -> Told:
    """Read an answer of the service. Raises NotBelieved."""
    if not encoded or len(encoded) > MOST:
        raise NotBelieved(Doubt.UNREADABLE)
    try:
        settings = OneLogin_Saml2_Settings(settings=_settings(log_in, with_key=False))
        answer = OneLogin_Saml2_Response(settings, encoded)
        answer.is_valid(_here(log_in), raise_exceptions=True)
        return _told(answer, settings)
    except NotBelieved:
        raise
    except Fault as fault:
        doubt = _DOUBTS.get(fault.code, Doubt.UNREADABLE)
    except Exception as trouble:  # noqa: BLE001 - what a library says of a stranger's text
        is_sealed = isinstance(trouble, OneLogin_Saml2_Error) and trouble.code == _NO_KEY
        doubt = Doubt.ENCRYPTED if is_sealed else Doubt.UNREADABLE
    raise NotBelieved(doubt)


def _told(answer: Any, settings: Any) -> Told:
    """What must stand in the signed part besides what the library looks for."""
    until = answer.get_assertion_not_on_or_after()
    if until is None:
        raise NotBelieved(Doubt.OUT_OF_TIME)
    if settings.get_sp_data()["entityId"] not in answer.get_audiences():
        raise NotBelieved(Doubt.NOT_FOR_US)
    asked = answer.get_in_response_to() or ""
    confirmed = answer.document.xpath(_CONFIRMATION, namespaces=Names.NSMAP)
    # one of them lies in the signed assertion: an answer to nobody cannot be made ours around it
    if not asked or any(one.get("InResponseTo") != asked for one in confirmed):
        raise NotBelieved(Doubt.UNASKED)
    called = NameId(answer.get_nameid() or "", answer.get_nameid_format() or "")
    attributes = {**answer.get_friendlyname_attributes(), **answer.get_attributes()}
    plain = {
        name: [str(one) for one in values if isinstance(one, str)]
        for name, values in attributes.items()
    }
    return Told(
        assertion=answer.get_assertion_id(),
        asked=asked,
        until=datetime.fromtimestamp(until, UTC) + DRIFT,
        name_id=called,
        attributes=plain,
    )


def _here(log_in: LogIn) -> dict[str, Any]:
    """Where answers come in, as the library wants to be told; never what a request claims."""
    address = urlsplit(absolute_url("saml_answer", log_in.key))
    return {
        "https": "on" if address.scheme == "https" else "off",
        "http_host": address.netloc,
        "script_name": "",
        "path_info": address.path,
        "get_data": {},
        "post_data": {},
    }


def _settings(log_in: LogIn, *, with_key: bool) -> dict[str, Any]:
    own: dict[str, Any] = {
        "entityId": absolute_url("saml_metadata", log_in.key),
        "assertionConsumerService": {
            "url": absolute_url("saml_answer", log_in.key),
            "binding": Names.BINDING_HTTP_POST,
        },
        "NameIDFormat": Names.NAMEID_UNSPECIFIED,
    }
    if with_key:  # never while an answer is read: what is encrypted is refused, not tried
        own |= {"x509cert": log_in.idp["own_certificate"], "privateKey": unseal(log_in.secret)}
    return {
        "strict": True,
        "sp": own,
        "idp": {
            "entityId": log_in.issuer,
            "singleSignOnService": {
                "url": log_in.idp["sign_in"],
                "binding": Names.BINDING_HTTP_REDIRECT,
            },
            "x509certMulti": {"signing": list(log_in.idp["certificates"])},
        },
        "security": {
            "authnRequestsSigned": with_key,
            "wantAssertionsSigned": True,
            "wantNameId": False,
            "wantAttributeStatement": False,
            "allowRepeatAttributeName": True,
            "rejectDeprecatedAlgorithm": True,
            "requestedAuthnContext": False,
            "allowSingleLabelDomains": True,
            "signatureAlgorithm": Names.RSA_SHA256,
            "digestAlgorithm": Names.SHA256,
        },
    }
