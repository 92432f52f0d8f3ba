"""Arrow, loaded where something of it is first used.

It takes 40 MB and a third of a second, and a process that only takes answers in needs none of it.
Modules that use it say `from gloed.base.arrow import pa`, and have their annotations postponed.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq
else:

    class _Later:
        """A module that is imported when the first of its names is asked for."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, name: str) -> Any:
            found = getattr(importlib.import_module(self._name), name)
            setattr(self, name, found)  # the next one finds it at once
            return found

    pa, pc, pq = _Later("pyarrow"), _Later("pyarrow.compute"), _Later("pyarrow.parquet")

__all__ = ["pa", "pc", "pq"]
