"""The only package that speaks to a columnar engine, always through Ibis.

An engine reads a source (the files of a projection, or a table in memory) and runs expressions on
it. DuckDB is built in; a Spark Connect server is another address. A third engine needs the two
methods of `Engine` and a scheme in `engine()`; the queries themselves stay as they are.

Ibis and the engine are imported when the first query runs: they cost 0.2 s and 60 MB, and a
process that shows no figures should not pay for them.
"""

from gloed.analysis.store.engines import Engine, NoEngine, engine
from gloed.analysis.store.results import rows_in
from gloed.analysis.store.sources import (
    Source,
    from_arrow,
    from_manifest,
    projection_of,
    table_of,
)
from gloed.analysis.store.statements import EVERYTHING, Build, is_stand_in, stand_in

__all__ = [
    "EVERYTHING",
    "Build",
    "Engine",
    "NoEngine",
    "Source",
    "engine",
    "from_arrow",
    "from_manifest",
    "is_stand_in",
    "projection_of",
    "rows_in",
    "stand_in",
    "table_of",
]
