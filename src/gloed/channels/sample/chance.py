"""Chance that can be repeated: one stream of numbers per purpose, derived from the seed alone."""

from random import Random


def stream(seed: int, *purpose: object) -> Random:
    """A stream of its own for each purpose, so that a change in one leaves the others alone.

    Seeding with text goes through SHA-512 and so does not depend on the process's hash seed.
    """
    return Random(":".join(str(part) for part in (seed, *purpose)))  # noqa: S311 - no secret
