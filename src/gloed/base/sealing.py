"""Secrets that must be read again, sealed in the record.

A password is only compared and is hashed; a provider's address or a signing key must come out as
it went in. It is sealed with a key made from the installation's secret key, so that a copy of the
database alone opens nothing.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class CannotOpen(Exception):
    """It was sealed with another secret key: a copy was restored without its settings."""


def seal(text: str) -> str:
    """The text, readable only with this installation's secret key.

    Sealing the same text twice gives two different results.
    """
    return _box(settings.SECRET_KEY).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed. Raises CannotOpen where the secret key is another one by now."""
    try:
        return _box(settings.SECRET_KEY).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise CannotOpen("sealed with another secret key") from None


@lru_cache(maxsize=4)
def _box(secret_key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"gloed sealing 1")
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret_key.encode())))
