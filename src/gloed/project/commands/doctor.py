"""`gloed doctor`: is everything in order, and how to mend what is not."""

import json
from dataclasses import asdict

import typer

from gloed.project import configuration
from gloed.project.commands.options import Json
from gloed.project.examination import Finding, can_go_on, examine_settings

SIGNS = {"good": "ok  ", "doubtful": "look", "bad": "BAD "}


def doctor(as_json: Json = False) -> None:
    """Check settings, database, worker, mail, disk and clock; say how to mend what is wrong."""
    findings = examine_settings()
    if can_go_on(findings):
        findings += _examine_the_rest()
    if as_json:
        typer.echo(json.dumps({"findings": [asdict(finding) for finding in findings]}, indent=1))
    else:
        for finding in findings:
            _print(finding)
    if any(finding.is_bad for finding in findings):
        raise typer.Exit(1)


def _examine_the_rest() -> list[Finding]:
    from gloed.project.ready import set_up  # noqa: PLC0415 - Django is set up when needed

    set_up()
    from gloed.project.checks import examine  # noqa: PLC0415 - needs Django set up

    return examine(configuration.load())


def _print(finding: Finding) -> None:
    typer.echo(f"{SIGNS[finding.state]} {finding.name}: {finding.found}")
    if finding.mend:
        typer.echo(f"     {finding.mend}")
