"""`gloed key ...`: keys for programs."""

from typing import Annotated

import typer

from gloed.project.refusals import Refused

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Make, list and end keys for programs."
)

OfOrganisation = Annotated[
    str, typer.Option(help="The organisation; may be left out where there is only one.")
]


@app.command()
def create(
    name: Annotated[str, typer.Option(help="What the key is for.")] = "script",
    organisation: OfOrganisation = "",
    scope: Annotated[
        list[str] | None,
        typer.Option(help="A right of the key, such as scores:read; may be given several times."),
    ] = None,
    kind: Annotated[
        str, typer.Option(help="api, or delighted for programs written for Delighted.")
    ] = "api",
    project: Annotated[
        str, typer.Option(help="With --kind delighted: the project, made if there is none.")
    ] = "",
    metric: Annotated[
        str, typer.Option(help="With --kind delighted: what the project asks, such as nps or csat.")
    ] = "nps",
) -> None:
    """Make a key and print it, and nothing else, for a script to catch."""
    from gloed.project.ready import set_up  # noqa: PLC0415 - Django is set up when needed

    set_up()
    from gloed.project import keys, preparing  # noqa: PLC0415 - needs Django set up

    preparing.prepare()
    house = keys.find_organisation(organisation)
    if kind == "delighted":
        typer.echo(keys.create_delighted(house, project or name, metric))
    elif kind == "api":
        typer.echo(keys.create(house, name, scope or ()))
    else:
        raise Refused(f"“{kind}” is no kind of key; there are api and delighted.")


@app.command("list")
def list_(organisation: OfOrganisation = "") -> None:
    """Show the keys of an organisation, without their text."""
    from gloed.project.ready import set_up  # noqa: PLC0415 - Django is set up when needed

    set_up()
    from gloed.project import keys  # noqa: PLC0415 - needs Django set up

    for line in keys.lines_of(keys.find_organisation(organisation)):
        typer.echo(line)


@app.command()
def revoke(
    prefix: Annotated[str, typer.Argument(help="How the key begins, as `gloed key list` shows.")],
    organisation: OfOrganisation = "",
) -> None:
    """End a key for good."""
    from gloed.project.ready import set_up  # noqa: PLC0415 - Django is set up when needed

    set_up()
    from gloed.project import keys  # noqa: PLC0415 - needs Django set up

    if len(prefix) < keys.SHORTEST_PREFIX:
        raise Refused(f"Give at least {keys.SHORTEST_PREFIX} characters of the key.")
    typer.echo(keys.revoke(keys.find_organisation(organisation), prefix))
