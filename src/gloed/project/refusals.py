"""What the command line refuses: one sentence and exit code 2, never a traceback."""

KNOWN = frozenset(
    {
        "gloed.project.refusals.Refused",
        "gloed.project.configuration.BadSetting",
        "gloed.channels.file_import.reading.refusals.UnreadableFile",
        "gloed.integrations.exports.refusals.ArchiveRefused",
        "gloed.analysis.store.engines.NoEngine",
        "django.db.utils.OperationalError",
    }
)
"""By name, so that the command line need not import whole rooms to know their refusals."""


class Refused(Exception):
    """Something that cannot be done; its text says why, and what to do."""


def is_refusal(problem: BaseException) -> bool:
    """Whether an exception is a sentence for the user and not a mistake of ours."""
    names = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(problem).__mro__}
    return bool(names & KNOWN)


def sentence(problem: BaseException) -> str:
    """What to print for a refusal."""
    text = str(problem).strip()
    if type(problem).__name__ == "OperationalError":
        first = text.splitlines()[0] if text else "no reason was given"
        return f"The database cannot be used: {first}. `gloed doctor` looks further."
    return text
