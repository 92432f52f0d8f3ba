"""What `gloed doctor` finds, and the checks that need no database: settings and data folder."""

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from gloed.project import configuration
from gloed.project.configuration import BadSetting

GOOD, DOUBTFUL, BAD = "good", "doubtful", "bad"
ENOUGH_BYTES, SCARCE_BYTES = 2_000_000_000, 300_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: its state (good, doubtful, bad), what was found, how to mend it."""

    name: str
    state: str
    found: str
    mend: str = ""

    @property
    def is_bad(self) -> bool:
        """Whether Gloed cannot work well like this."""
        return self.state == BAD


def examine_settings() -> list[Finding]:
    """Whether the settings can be used, and the data folder they name."""
    try:
        values = configuration.load()
    except BadSetting as problem:
        return [
            Finding("Settings", BAD, str(problem), "docs/reference/settings.md lists them all.")
        ]
    folder: Path = values["GLOED_DATA"]
    return [
        _settings(values["GLOED_DEBUG"], values["GLOED_BASE_URL"]),
        _folder(folder),
        _key(folder),
        _disk(folder),
    ]


def can_go_on(findings: list[Finding]) -> bool:
    """Whether the settings and the data folder let the rest be looked at."""
    return not any(
        finding.is_bad and finding.name in {"Settings", "Data folder"} for finding in findings
    )


def _settings(debug: bool, address: str) -> Finding:
    count = len(configuration.SETTINGS)
    if debug:
        return Finding(
            "Settings",
            DOUBTFUL,
            "GLOED_DEBUG is on: broken pages show technical detail.",
            "Set GLOED_DEBUG=false unless you develop Gloed.",
        )
    local = ("http://127.0.0.1", "http://localhost")
    if address.startswith("http://") and not address.startswith(local):
        return Finding(
            "Settings",
            DOUBTFUL,
            f"GLOED_BASE_URL is {address}, so log-ins travel unencrypted.",
            "Put a proxy with a certificate in front and set GLOED_BASE_URL to https://…",
        )
    return Finding("Settings", GOOD, f"all {count} can be used.")


def _folder(folder: Path) -> Finding:
    name = "Data folder"
    if not folder.exists():
        parent = next(path for path in folder.parents if path.exists())
        if os.access(parent, os.W_OK):
            return Finding(name, GOOD, f"{folder} will be made at the first start.")
        return Finding(
            name, BAD, f"{folder} cannot be made.", f"Allow this user to write in {parent}."
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding(name, BAD, f"{folder} cannot be written.", f"chown -R $(id -un) {folder}")
    if stat.S_IMODE(folder.stat().st_mode) & 0o007:
        return Finding(
            name,
            DOUBTFUL,
            f"every user of this machine can look into {folder}.",
            f"chmod 700 {folder}",
        )
    return Finding(name, GOOD, f"{folder} can be written, by its owner only.")


def _key(folder: Path) -> Finding:
    name, key = "Signing key", folder / "secret_key"
    if not key.exists():
        return Finding(name, GOOD, "made at the first start, or given as GLOED_SECRET_KEY.")
    if stat.S_IMODE(key.stat().st_mode) & 0o077:
        return Finding(name, BAD, "others on this machine can read it.", f"chmod 600 {key}")
    return Finding(name, GOOD, "only its owner can read it.")


def _disk(folder: Path) -> Finding:
    place = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(place).free
    shown = f"{free / 1e9:.1f} GB free."
    if free < SCARCE_BYTES:
        return Finding("Disk", BAD, shown, "Make room: answers cannot be kept on a full disk.")
    if free < ENOUGH_BYTES:
        return Finding("Disk", DOUBTFUL, shown, "Make room before it fills up.")
    return Finding("Disk", GOOD, shown)
