"""Compile the translations: while a wheel is built, and by hand with `python hatch_build.py`."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # by hand: hatchling is only there while building
    BuildHookInterface = object  # type: ignore[assignment, misc]


def compile_translations(source: Path) -> list[Path]:
    """Write a .mo beside every .po below `source` and return the files written."""
    written = []
    for po in sorted(source.rglob("LC_MESSAGES/*.po")):
        with po.open("rb") as handle:
            catalog = read_po(handle, locale=po.parent.parent.name)
        mo = po.with_suffix(".mo")
        with mo.open("wb") as handle:
            write_mo(handle, catalog)
        written.append(mo)
    return written


class CustomBuildHook(BuildHookInterface):  # type: ignore[misc, valid-type]
    """Every wheel, editable or not, carries compiled translations."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_translations(Path(self.root) / "src")


if __name__ == "__main__":
    for path in compile_translations(Path(__file__).parent / "src"):
        print(path)  # noqa: T201 - the command's answer
