"""Which engine answers: the one that ANALYSIS_URL names."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

from gloed.analysis.store.sources import Source
from gloed.analysis.store.statements import Build
from gloed.base.arrow import pa

THREADS = 2
MEMORY = "512MB"


class NoEngine(Exception):
    """The analysis engine of the settings cannot be used; the text says why."""


class Engine(Protocol):
    """What an engine does: run expressions on `table_of` a source."""

    def run(self, source: Source, expression: Any) -> pa.Table:
        """The result of an expression."""

    def ask(
        self, source: Source, build: Build, shape: tuple[Hashable, ...], values: Mapping[str, str]
    ) -> pa.Table:
        """The result of `build(source, *shape)`, where each `stand_in` stands for its value.

        Questions of one shape differ in values, or in which column of text they filter by, and
        need to be compiled only once. A stand-in among the columns stands for a stored name.
        """


def engine(url: str | None = None) -> Engine:
    """The engine of ANALYSIS_URL: `duckdb://?threads=2&memory=512MB` or `sc://host:15002`.

    One per process: threads that ask first at the same moment must not each make one.
    """
    with _MAKING:
        return _engine(url if url is not None else settings.ANALYSIS_URL)


_MAKING = threading.Lock()


@lru_cache(maxsize=4)
def _engine(url: str) -> Engine:
    address = urlsplit(url)
    options = {name: values[0] for name, values in parse_qs(address.query).items()}
    if address.scheme == "duckdb":
        # 0.2 s and 60 MB: only where something is asked
        from gloed.analysis.store.duck import DuckDB  # noqa: PLC0415

        return DuckDB(
            threads=int(options.get("threads", THREADS)),
            memory=options.get("memory", MEMORY),
            spill=settings.SPILL,
        )
    if address.scheme == "sc":
        try:
            # an extra, and 100 MB: only where ANALYSIS_URL asks for it
            from gloed.analysis.store.spark import Spark  # noqa: PLC0415
        except ImportError as missing:
            raise NoEngine(
                "Spark needs a package that is not installed here: pip install 'gloed[spark]'."
            ) from missing
        return Spark(url.partition("?")[0], files=options.get("files", ""))
    raise NoEngine(f"This version of Gloed cannot analyse with {address.scheme}://.")
