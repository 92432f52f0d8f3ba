"""Every setting of Gloed as data: name, default, help and how to read it.

Settings come from the environment or from one file, `gloed.env` in the data folder (NAME=value,
one a line; the environment wins). They are strict: an unknown name or a bad value stops the start
with a hint.
"""

import os
import re
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gloed.base.outward.addresses import read_allowed

FILE_NAME = "gloed.env"


MAIL_PROVIDERS = (
    "amazon_ses", "brevo", "mailgun", "mailjet", "mandrill", "postmark", "resend", "sparkpost",
)  # fmt: skip
SIGNING_PROVIDERS = frozenset({"mailgun", "mandrill"})


class BadSetting(Exception):
    """A setting that cannot be used; its text says which one, why, and what would do."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: `read` turns its text into a value or raises ValueError with a hint."""

    name: str
    default: str
    help: str
    read: Callable[[str], Any] = str
    secret: bool = False


def _boolean(text: str) -> bool:
    known = {"true": True, "yes": True, "1": True, "on": True}
    known |= {"false": False, "no": False, "0": False, "off": False}
    try:
        return known[text.strip().lower()]
    except KeyError:
        raise ValueError("write true or false") from None


def _whole(minimum: int, maximum: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"\d+", text) or not minimum <= int(text) <= maximum:
            raise ValueError(f"write a whole number from {minimum} to {maximum}")
        return int(text)

    return read


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError("write one of " + ", ".join(choices))
        return text

    return read


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _hosts(text: str) -> tuple[str, ...]:
    parts = _words(text)
    try:
        read_allowed(parts)
    except ValueError:
        raise ValueError("write hosts, host:port or networks such as 10.1.0.0/16") from None
    return parts


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("write a time zone such as Europe/Amsterdam") from None
    return text


def _address(*schemes: str, host: bool = True) -> Callable[[str], str]:
    known = ", ".join(f"{scheme}://" for scheme in schemes)

    def read(text: str) -> str:
        if not text:
            return text
        if text.partition(":")[0].lower() not in schemes or "://" not in text:
            raise ValueError(f"write an address that begins with one of {known}")
        if host:
            _check_host(text)
        return text if text.endswith("://") else text.rstrip("/")

    return read


def _check_host(text: str) -> None:
    """Raise ValueError for an address whose host or port cannot be read."""
    try:
        parts = urlsplit(text)
        if parts.hostname and parts.port != 0:
            return
    except ValueError:
        pass
    raise ValueError("write a host, and a port from 1 to 65535 if it needs one")


def _base_url(text: str) -> str:
    address = _address("http", "https")(text)
    if address.count("/") > 2 or "?" in address or "#" in address:
        raise ValueError("write scheme and host alone, such as https://feedback.example.com")
    return address


def _database(text: str) -> str:
    hint = "write sqlite:////folder/file or postgresql://user:password@host:5432/name"
    if not text:
        return text
    scheme, _, rest = text.partition("://")
    name = rest.partition("/")[2].partition("?")[0].strip("/")
    if scheme not in {"sqlite", "postgres", "postgresql"} or not name or ":" in name:
        raise ValueError(hint)
    if scheme != "sqlite":
        _check_host(text)
    return text


def _mail_from(text: str) -> str:
    if "@" not in text:
        raise ValueError("write an address such as Gloed <feedback@example.com>")
    return text


def _events_secret(text: str) -> str:
    if text and not re.fullmatch(r"\S{16,}", text):
        raise ValueError("write at least 16 characters without a space")
    return text


def _model_name(text: str) -> str:
    if text and not re.fullmatch(r"[!-~]{1,200}", text):
        raise ValueError("write the name alone, without a space, such as llama3.1:8b")
    return text


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "GLOED_DATA", "./gloed-data", "The one folder that holds everything Gloed writes.", Path
    ),
    Setting(
        "DATABASE_URL",
        "",
        "The system of record. Empty: SQLite in the data folder. "
        "PostgreSQL: postgresql://user:password@host:5432/name.",
        _database,
        secret=True,
    ),
    Setting(
        "ANALYSIS_URL",
        "duckdb://",
        "The analysis engine that reads the projection.",
        _address("duckdb", "sc", host=False),
    ),
    Setting(
        "EMAIL_URL",
        "",
        "How mail leaves: smtp://user:password@host:587 (STARTTLS), smtps://…:465, "
        "smtp+plain://host:25 (no encryption, for a relay on the same machine). "
        "Empty: mails are kept as files in the data folder.",
        _address("smtp", "smtps", "smtp+plain"),
        secret=True,
    ),
    Setting(
        "GLOED_MAIL_FROM",
        "Gloed <gloed@localhost.localdomain>",
        "The sender of every mail.",
        _mail_from,
    ),
    Setting(
        "GLOED_MAIL_PER_MINUTE",
        "300",
        "The most invitations that go to one mail domain in a minute; 0 is no limit.",
        _whole(0, 1_000_000),
    ),
    Setting(
        "GLOED_MAIL_PROVIDER",
        "",
        "The mail provider behind EMAIL_URL, whose news of bounces and complaints come in: one of "
        + ", ".join(MAIL_PROVIDERS)
        + ". Empty: none.",
        _one_of("", *MAIL_PROVIDERS),
    ),
    Setting(
        "GLOED_MAIL_EVENTS_SECRET",
        "",
        "What proves that such news come from the provider: the signing key of Mailgun, the "
        "webhook key of Mandrill, and name:password for all others, as in the address that is "
        "given to them. Needed with GLOED_MAIL_PROVIDER.",
        _events_secret,
        secret=True,
    ),
    Setting(
        "GLOED_BASE_URL",
        "http://127.0.0.1:8000",
        "The address under which people reach Gloed; links in mails and QR codes begin with it.",
        _base_url,
    ),
    Setting(
        "GLOED_ALLOWED_HOSTS",
        "",
        "Further host names that may be used, separated by commas.",
        _words,
    ),
    Setting(
        "GLOED_OUTWARD_HOSTS",
        "",
        "Hosts (name, name:port) and networks (10.1.0.0/16), separated by commas, that Gloed may "
        "call although they are private or speak plain http.",
        _hosts,
    ),
    Setting(
        "GLOED_LANGUAGE_MODEL_URL",
        "",
        "A language model with the chat interface of OpenAI, such as http://127.0.0.1:11434/v1. "
        "Empty: none is asked, and nothing is missing.",
        _address("http", "https"),
    ),
    Setting("GLOED_LANGUAGE_MODEL", "", "The name of the model at that address.", _model_name),
    Setting(
        "GLOED_LANGUAGE_MODEL_KEY", "", "The key that the model asks for, if any.", secret=True
    ),
    Setting(
        "GLOED_LANGUAGE_MODEL_SECONDS",
        "30",
        "How long one question to the model may take.",
        _whole(1, 600),
    ),
    Setting(
        "GLOED_SECRET_KEY",
        "",
        "Signs log-ins and links. Empty: made once and kept in the data folder.",
        secret=True,
    ),
    Setting("GLOED_DEBUG", "false", "Technical detail on broken pages; never in use.", _boolean),
    Setting("GLOED_TIME_ZONE", "Europe/Amsterdam", "The zone of a new organisation.", _zone),
    Setting("GLOED_LANGUAGE", "en", "The language if none is known.", _one_of("en", "nl")),
    Setting("GLOED_WEB_PROCESSES", "1", "Web processes that `gloed serve` starts.", _whole(1, 64)),
    Setting("GLOED_WEB_THREADS", "8", "Threads of each web process.", _whole(1, 256)),
    Setting("GLOED_WORKERS", "1", "Worker processes that `gloed serve` starts.", _whole(1, 64)),
    Setting("GLOED_UPLOAD_MEGABYTES", "200", "The largest file to import.", _whole(1, 10_000)),
    Setting(
        "GLOED_TRUST_PROXY",
        "false",
        "Believe X-Forwarded-Proto and X-Forwarded-For of a proxy in front.",
        _boolean,
    ),
    Setting(
        "GLOED_LOG_LEVEL",
        "info",
        "How much is logged.",
        _one_of("debug", "info", "warning", "error"),
    ),
)


def load(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Read all settings; values by name. Raises BadSetting naming the first one that fails.

    A secret may also be given as a file: NAME_FILE holds its path.
    """
    given = dict(os.environ if environment is None else environment)
    data = Path(given.get("GLOED_DATA") or "./gloed-data")
    texts = _file_settings(data / FILE_NAME) | _own(given)
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        text = _text_of(setting, texts)
        try:
            values[setting.name] = setting.read(text)
        except ValueError as problem:
            shown = "this value" if setting.secret else f"“{text}”"
            raise BadSetting(f"{setting.name}: {shown} cannot be used; {problem}.") from None
    values["GLOED_DATA"] = values["GLOED_DATA"].expanduser().resolve()
    _check_provider(values["GLOED_MAIL_PROVIDER"], values["GLOED_MAIL_EVENTS_SECRET"])
    _check_model(values["GLOED_LANGUAGE_MODEL_URL"], values["GLOED_LANGUAGE_MODEL"])
    return values


def _check_model(url: str, name: str) -> None:
    """Raise BadSetting where one of the two says nothing without the other."""
    if bool(url) != bool(name):
        missing = "GLOED_LANGUAGE_MODEL" if url else "GLOED_LANGUAGE_MODEL_URL"
        given = "GLOED_LANGUAGE_MODEL_URL" if url else "GLOED_LANGUAGE_MODEL"
        raise BadSetting(f"{missing}: it must be set, because {given} is.")


def _check_provider(provider: str, secret: str) -> None:
    """Raise BadSetting where news of a provider could come from anybody."""
    name = "GLOED_MAIL_EVENTS_SECRET"
    if provider and not secret:
        raise BadSetting(f"{name}: it must be set, because GLOED_MAIL_PROVIDER is {provider}.")
    if provider and provider not in SIGNING_PROVIDERS and not re.fullmatch(r"[^:]+:.{16,}", secret):
        hint = "write name:password, with a password of at least 16 characters"
        raise BadSetting(f"{name}: this value cannot be used; {hint}.")


def secret_key(data: Path) -> str:
    """The key kept in the data folder; made at the first start, readable by its owner only."""
    path = data / "secret_key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was first
        return path.read_text().strip()
    key = secrets.token_urlsafe(48)
    with os.fdopen(handle, "w") as stream:
        stream.write(key)
    return key


def _own(given: Mapping[str, str]) -> dict[str, str]:
    known = {setting.name for setting in SETTINGS}
    known |= {f"{setting.name}_FILE" for setting in SETTINGS if setting.secret}
    for name in given:
        if name.startswith("GLOED_") and name not in known:
            raise BadSetting(f"{name}: there is no such setting; {_perhaps(name, known)}")
    return {name: given[name] for name in known if name in given}


def _perhaps(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}?" if close else "docs/reference/settings.md lists them all."


def _file_settings(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    known = {setting.name for setting in SETTINGS}
    known |= {f"{setting.name}_FILE" for setting in SETTINGS if setting.secret}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        name, sign, value = line.partition("=")
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not sign or name.strip() not in known:
            hint = _perhaps(name.strip(), known)
            raise BadSetting(f"{path.name}, line {number}: “{name.strip()}” is no setting; {hint}")
        found[name.strip()] = value.strip()
    return found


def _text_of(setting: Setting, texts: Mapping[str, str]) -> str:
    if setting.secret and (path := texts.get(f"{setting.name}_FILE")):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as problem:
            raise BadSetting(f"{setting.name}_FILE: the file cannot be read ({problem}).") from None
    return texts.get(setting.name) or setting.default
