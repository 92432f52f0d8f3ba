"""A SAML service for tests: it signs real assertions, well or badly, as a test asks."""

import zlib
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4
from xml.etree import ElementTree as ET

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.utils import OneLogin_Saml2_Utils

MAIL = "urn:oid:0.9.2342.19200300.100.1.3"
UNSPECIFIED = Names.NAMEID_UNSPECIFIED
ENTITY = "https://idp.example.org/metadata"
SIGN_IN = "https://idp.example.org/login?tenant=7"
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
ASSERTION = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ID="{id}" Version="2.0" IssueInstant="{now}">
<saml:Issuer>{issuer}</saml:Issuer>
<saml:Subject><saml:NameID Format="{format}">{name_id}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
<saml:SubjectConfirmationData Recipient="{to}"{until}{confirms}/>
</saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{begins}" NotOnOrAfter="{ends}">{audience}</saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now}"><saml:AuthnContext><saml:AuthnContextClassRef>
urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>
</saml:AuthnStatement>
<saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"""
RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="{now}"
 Destination="{to}"{asked}><saml:Issuer>{issuer}</saml:Issuer><samlp:Status>
<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{status}"/></samlp:Status>{inside}
</samlp:Response>"""
METADATA = """<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity}">
<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
<ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>
<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
 Location="https://idp.example.org/post"/>
<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
 Location="{sign_in}"/></IDPSSODescriptor></EntityDescriptor>"""


class IdentityProvider:
    """One service with a key of its own."""

    def __init__(self, entity=ENTITY, sign_in=SIGN_IN):
        self.entity, self.sign_in = entity, sign_in
        key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example.org")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .sign(key, hashes.SHA256())
        )
        self.key = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
        self.pem = made.public_bytes(serialization.Encoding.PEM).decode()
        self.certificate = b64encode(made.public_bytes(serialization.Encoding.DER)).decode()

    @property
    def metadata(self):
        """What it tells about itself."""
        told = {"entity": self.entity, "certificate": self.certificate}
        return METADATA.format(sign_in=self.sign_in.replace("&", "&amp;"), **told)

    def answer(self, question, told, **wish):
        """A response in base64. `wish` makes it a bad one; see the tests."""
        now = datetime.now(UTC) + wish.get("shift", timedelta())
        asked = wish.get("asked", question["id"])
        confirms = wish.get("confirms", asked)
        audience = wish.get("audience", question["entity"])
        ends = (now + timedelta(minutes=10)).strftime(MOMENT)
        common = {
            "issuer": wish.get("issuer", self.entity),
            "now": now.strftime(MOMENT),
            "to": wish.get("to", question["answer_at"]),
        }
        inside = ASSERTION.format(
            id=wish.get("id") or f"_{uuid4().hex}",
            format=wish.get("format", UNSPECIFIED),
            name_id=wish.get("name_id", "77"),
            until=f' NotOnOrAfter="{ends}"' if wish.get("is_bounded", True) else "",
            confirms=f' InResponseTo="{confirms}"' if confirms else "",
            begins=(now - timedelta(minutes=1)).strftime(MOMENT),
            ends=ends,
            audience=f"<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience>"
            "</saml:AudienceRestriction>"
            if audience
            else "",
            attributes="".join(
                f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}'
                "</saml:AttributeValue></saml:Attribute>"
                for name, value in told.items()
            ),
            **common,
        )
        sign = wish.get("sign", "assertion")
        if sign == "assertion":
            inside = self.signed(inside, wish)
        if wish.get("is_sealed"):
            inside = self.sealed(inside)
        status = wish.get("status", "Success")
        whole = RESPONSE.format(
            id=f"_{uuid4().hex}",
            asked=f' InResponseTo="{asked}"' if asked else "",
            status=status,
            inside=inside if status == "Success" else "",
            **common,
        )
        if sign == "response":
            whole = self.signed(whole, wish)
        return b64encode(wish.get("change", str)(whole).encode()).decode()

    def signed(self, xml, wish):
        """XML with an enveloped signature."""
        algorithm = wish.get("algorithm", Names.RSA_SHA256)
        signer = wish.get("signer", self)
        made = OneLogin_Saml2_Utils.add_sign(
            xml, signer.key, signer.pem, False, algorithm, Names.SHA256
        )
        return made.decode()

    def sealed(self, xml):
        """An assertion that is encrypted, as some services do unless they are told not to."""
        assertion = etree.fromstring(xml)
        data = xmlsec.template.encrypted_data_create(
            assertion, xmlsec.Transform.AES256, type=xmlsec.EncryptionType.ELEMENT, ns="xenc"
        )
        xmlsec.template.encrypted_data_ensure_cipher_value(data)
        about = xmlsec.template.encrypted_data_ensure_key_info(data, ns="dsig")
        carried = xmlsec.template.add_encrypted_key(about, xmlsec.Transform.RSA_OAEP)
        xmlsec.template.encrypted_data_ensure_cipher_value(carried)
        known = xmlsec.KeysManager()
        known.add_key(xmlsec.Key.from_memory(self.pem, xmlsec.constants.KeyDataFormatCertPem))
        sealing = xmlsec.EncryptionContext(known)
        aes = xmlsec.constants.KeyDataAes
        sealing.key = xmlsec.Key.generate(aes, 256, xmlsec.constants.KeyDataTypeSession)
        made = etree.tostring(sealing.encrypt_xml(data, assertion)).decode()
        return f"<saml:EncryptedAssertion>{made}</saml:EncryptedAssertion>"


def question_in(there):
    """What our own question says, and its signature's parts; `there` is where we were sent."""
    query = parse_qs(urlsplit(there).query, keep_blank_values=True)
    xml = zlib.decompress(b64decode(query["SAMLRequest"][0]), -15)
    root = ET.fromstring(xml)
    return {
        "id": root.get("ID"),
        "answer_at": root.get("AssertionConsumerServiceURL"),
        "entity": root.findtext("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer"),
        "query": query,
    }
