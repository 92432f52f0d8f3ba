"""`gloed admin ...`: who may log in."""

import getpass
import sys
from typing import Annotated

import typer

from gloed.project.refusals import Refused

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Make owners and set their passwords."
)

Email = Annotated[str, typer.Option(help="The e-mail address to log in with.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the first line of input.")
]


@app.command()
def create(
    email: Email,
    organisation: Annotated[str, typer.Option(help="The organisation; made if there is none.")],
    name: Annotated[str, typer.Option(help="The name that colleagues see.")] = "",
    password_stdin: FromStdin = False,
) -> None:
    """Make an owner of an organisation."""
    from gloed.project.ready import set_up  # noqa: PLC0415 - Django is set up when needed

    set_up()
    from gloed.project import owners, preparing  # noqa: PLC0415 - needs Django set up

    preparing.prepare()
    owners.check_names(email=email, organisation=organisation)
    password = None
    if not owners.is_known(email):
        password = read_password(from_stdin=password_stdin)
        owners.check_password(password, email=email, name=name)
    made = owners.create_owner(email=email, organisation=organisation, name=name, password=password)
    typer.echo(made)


@app.command()
def password(
    email: Email,
    password_stdin: FromStdin = False,
    without_second_factor: Annotated[
        bool,
        typer.Option(
            "--without-second-factor", help="Forget the second factor too: the phone is lost."
        ),
    ] = False,
) -> None:
    """Give somebody a new password."""
    from gloed.project.ready import set_up  # noqa: PLC0415 - Django is set up when needed

    set_up()
    from gloed.project import owners  # noqa: PLC0415 - needs Django set up

    if not owners.is_known(email):
        raise Refused(f"Nobody here is known as {email}.")
    new = read_password(from_stdin=password_stdin)
    owners.check_password(new, email=email, name="")
    is_forgotten = owners.set_password(
        email=email, password=new, without_second_factor=without_second_factor
    )
    alone = ", and logs in with it alone" if is_forgotten else ""
    typer.echo(f"{email} has a new password{alone}.")


def read_password(*, from_stdin: bool) -> str:
    """Take the password from standard input, or ask it twice."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Refused("There is no terminal to ask a password on; use --password-stdin.")
    first = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != first:
        raise Refused("The two passwords differ; nothing was changed.")
    return first
