"""The tables as the migrations made them, which may be older than the code that reads them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

from gloed.project.refusals import Refused

Node = tuple[str, str]
PASSING = frozenset({"base.cacheentry"})
"""Tables whose content is worth nothing tomorrow."""


def applied_leaves(executor: MigrationExecutor) -> list[Node]:
    """The newest migrations that the database has, one or more per app."""
    applied = set(executor.loader.applied_migrations)
    graph = executor.loader.graph
    known = [node for node in applied if node in graph.nodes]
    return sorted(
        node
        for node in known
        if not any(
            child.key in applied and child.key[0] == node[0]
            for child in graph.node_map[node].children
        )
    )


def check_known(executor: MigrationExecutor, leaves: Sequence[Node]) -> None:
    """Raise Refused when a migration is unknown: a newer Gloed made the backup."""
    for node in leaves:
        if node not in executor.loader.graph.nodes:
            raise Refused(
                f"The backup was made by a newer Gloed (it knows {node[0]}.{node[1]}); "
                "install that version first. Nothing was changed."
            )


def apps_at(executor: MigrationExecutor, leaves: Sequence[Node]) -> Apps:
    """The models as they were at those migrations."""
    return executor.loader.project_state(list(leaves)).apps


def tables_of(apps: Apps) -> list[type[models.Model]]:
    """All stored models, those that are pointed at before those that point."""
    found = {
        model._meta.label_lower: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in PASSING
    }
    ordered: dict[str, type[models.Model]] = {}
    while found:
        ready = [label for label, model in found.items() if not _targets(model) & found.keys()]
        for label in sorted(ready or found):
            ordered[label] = found.pop(label)
    return list(ordered.values())


def fields_of(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    """The fields that have a column."""
    return [field for field in model._meta.local_concrete_fields if not _is_generated(field)]


def reset_sequences(tables: Iterable[type[models.Model]]) -> list[str]:
    """The statements after which new rows get ids beyond the restored ones."""
    return connection.ops.sequence_reset_sql(no_style(), list(tables))


def _targets(model: type[models.Model]) -> set[str]:
    related = (field.related_model for field in model._meta.local_concrete_fields)
    own = model._meta.label_lower
    labels = {other._meta.label_lower for other in related if isinstance(other, type)}
    return labels - {own}


def _is_generated(field: "models.Field[Any, Any]") -> bool:
    return bool(getattr(field, "generated", False))
