"""What went wrong with a job, in one line for an administrator: no secret, nobody's address."""

import re
import traceback
from pathlib import Path

from django.conf import settings

LONGEST = 500
HIDDEN = "***"
CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")
ADDRESS = re.compile(r"[\w.+%-]+@(?=[\w-]+(\.[\w-]+)+)")
ASSIGNED = re.compile(
    r"(?i)\b(password|passwd|secret|token|api[_-]?key|authorization)(\W{1,4})[^\s,;'\"]+"
)


def describe(problem: BaseException) -> str:
    """Name the exception, its message without secrets, and the line of ours it came from."""
    text = f"{type(problem).__name__}: {problem}" if str(problem) else type(problem).__name__
    place = _place(problem)
    return hide_secrets(text)[:LONGEST] + (f" ({place})" if place else "")


def hide_secrets(text: str) -> str:
    """Replace log-ins in addresses, what looks like a password, and the secrets of this house.

    Of an e-mail address only the domain stays: a failed job outlives an erased person.
    """
    for secret in _secrets():
        text = text.replace(secret, HIDDEN)
    text = CREDENTIALS.sub(f"{HIDDEN}@", text)
    text = ADDRESS.sub(f"{HIDDEN}@", text)
    return ASSIGNED.sub(rf"\1\2{HIDDEN}", text)


def _secrets() -> list[str]:
    known = [settings.SECRET_KEY, settings.EMAIL_HOST_PASSWORD]
    known += [database.get("PASSWORD", "") for database in settings.DATABASES.values()]
    return [secret for secret in known if secret]


def _place(problem: BaseException) -> str:
    for frame in reversed(traceback.extract_tb(problem.__traceback__)):
        parts = Path(frame.filename).parts
        if "gloed" in parts:
            start = len(parts) - 1 - parts[::-1].index("gloed")
            return f"{'/'.join(parts[start:])}, line {frame.lineno}"
    return ""
