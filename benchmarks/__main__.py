"""Run the benchmarks: `python -m benchmarks [NAME …]`."""

import importlib
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.ratios import Figure, number

NAMES = (
    "survey_page", "widget", "stats", "imports", "accept", "side_effects", "score_page", "email",
    "start", "themes", "recode", "alarms", "engines", "effects",
)  # fmt: skip
REPORT = Path(__file__).parent.parent / "docs" / "performance.md"
LARGER = Path(__file__).parent / "larger.md"
"""Figures of ten and a hundred million answers, as their own commands printed them last."""
HEAD = """# How fast it is

Written by `make bench`: every figure stands beside the limit it is held against, measured on one
machine in one run. Machines differ and this one is shared, so the ratio says more than the figure.
A rate should be at least its limit, a cost at most.

Measured on {when} on {cores} cores ({machine}), Python {python}.
"""


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all of them and write the report. Returns the exit code."""
    sections = {name: run(name) for name in names or NAMES}
    if not names:
        REPORT.write_text(report(sections), encoding="utf-8")
        print(f"written: {REPORT.name}")
    return 0 if all(figure.holds for figures in sections.values() for figure in figures) else 1


def run(name: str) -> list[Figure]:
    """Run one benchmark and print its figures as they come."""
    module = importlib.import_module(f"benchmarks.bench_{name}")
    print(f"{name}: {(module.__doc__ or name).splitlines()[0]}")
    figures: list[Figure] = module.run()
    for figure in figures:
        print("  " + line(figure))
    return figures


def line(figure: Figure) -> str:
    """One figure in words."""
    sign = "≥" if figure.more_is_better else "≤"
    verdict = "holds" if figure.holds else "FALLS SHORT"
    return (
        f"{figure.what}: {number(figure.measured)} {figure.unit}; "
        f"{sign} {number(figure.limit)} ({figure.against}): ratio {figure.ratio:.2f}, {verdict}"
    )


def report(sections: dict[str, list[Figure]]) -> str:
    """The whole page of figures."""
    parts = [
        HEAD.format(
            when=datetime.now(UTC).date(),
            cores=os.cpu_count(),
            machine=platform.machine(),
            python=platform.python_version(),
        )
    ]
    for name, figures in sections.items():
        module = importlib.import_module(f"benchmarks.bench_{name}")
        first, _, rest = (module.__doc__ or name).partition("\n")
        parts.append(f"\n## {first.rstrip('.')}\n")
        if rest.strip():
            parts.append(rest.strip() + "\n")
        parts.append("| what | measured | limit | against | ratio | |\n|---|---|---|---|---|---|")
        parts += [row(figure) for figure in figures]
    return "\n".join(parts) + "\n\n" + LARGER.read_text(encoding="utf-8")


def row(figure: Figure) -> str:
    """One figure as a table row."""
    sign = "≥" if figure.more_is_better else "≤"
    verdict = "holds" if figure.holds else "**falls short**"
    return (
        f"| {figure.what} | {number(figure.measured)} {figure.unit} "
        f"| {sign} {number(figure.limit)} | {figure.against} | {figure.ratio:.2f} | {verdict} |"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
