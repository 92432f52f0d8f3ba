"""Which answers hold the words that somebody looks for."""

import re
from collections.abc import Sequence

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from gloed.coding.rules.searching import SHORTEST, Sought, sought_in
from gloed.responses.models import Answer

_NOTHING = "SELECT id FROM responses_answer WHERE 1 = 0"
_WORD = re.compile(r"[^\W_]+")


def answers_with(text: str) -> QuerySet[Answer]:
    """Answers whose words hold everything that is looked for; none for a search without words."""
    sql, values = _statement(sought_in(text))
    # made of fixed pieces below; what was typed goes along as parameters
    return Answer.objects.filter(pk__in=RawSQL(sql, values))  # noqa: S611


def _statement(sought: Sequence[Sought]) -> tuple[str, list[str]]:
    if not sought:
        return _NOTHING, []
    return _on_postgresql(sought) if connection.vendor == "postgresql" else _on_sqlite(sought)


def _on_sqlite(sought: Sequence[Sought]) -> tuple[str, list[str]]:
    """From the index, and from the answers that are not in it yet."""
    in_index = [one for one in sought if all(len(piece) >= SHORTEST for piece in one.pieces)]
    rest = [one for one in sought if one not in in_index]
    conditions, values = [], list[str]()
    if in_index:
        conditions.append("coding_search MATCH %s")
        values.append(" AND ".join(_any_of(one) for one in in_index))
    likes, patterns = _likes("words", rest)
    waiting, waiting_patterns = _likes("coding_folded(a.verbatim)", sought)
    held = " AND ".join(waiting)
    pieces = [
        "SELECT rowid FROM coding_search WHERE",
        " AND ".join([*conditions, *likes]),
        "UNION ALL SELECT a.id FROM responses_answer a WHERE a.verbatim <> ''",
        "AND a.id > (SELECT upto FROM coding_search_mark) AND",
        held,
        # CROSS: those few first, or SQLite would go through all answers to look them up
        "UNION ALL SELECT a.id FROM coding_search_waiting w",
        "CROSS JOIN responses_answer a ON a.id = w.answer_id WHERE",
        held,
    ]
    return " ".join(pieces), [*values, *patterns, *waiting_patterns, *waiting_patterns]


def _on_postgresql(sought: Sequence[Sought]) -> tuple[str, list[str]]:
    """Every word of what is looked for begins an end of a word; phrases stand as they are."""
    queries, phrases = [], list[Sought]()
    for one in sought:
        said = [_WORD.findall(piece) for piece in one.pieces]
        ways = [" & ".join(f"'{word}':*" for word in words) for words in said]
        if all(ways):
            queries.append("(" + " | ".join(f"({way})" for way in ways) + ")")
        if len(said) == 1 and said[0] != list(one.pieces):
            phrases.append(one)
    if not queries:
        return _NOTHING, []
    likes, patterns = _likes("coding_folded(a.verbatim)", phrases)
    waiting, waiting_patterns = _likes("coding_folded(a.verbatim)", sought)
    pieces = [
        # looked up once and first, however few answers PostgreSQL believes there are
        "WITH found AS MATERIALIZED (SELECT s.answer_id AS id FROM coding_search s",
        "JOIN responses_answer a ON a.id = s.answer_id WHERE" if likes else "WHERE",
        " AND ".join(["s.words @@ %s::tsquery", *likes]),
        "UNION ALL SELECT a.id FROM coding_search_waiting w",
        "JOIN responses_answer a ON a.id = w.answer_id WHERE",
        " AND ".join(waiting),
        ") SELECT id FROM found",
    ]
    return " ".join(pieces), [" & ".join(queries), *patterns, *waiting_patterns]


def _any_of(one: Sought) -> str:
    """An FTS5 query that finds any of the pieces: a text in quotes, in which a quote is doubled."""
    quoted = ['"' + piece.replace('"', '""') + '"' for piece in one.pieces]
    return "(" + " OR ".join(quoted) + ")"


def _likes(column: str, sought: Sequence[Sought]) -> tuple[list[str], list[str]]:
    conditions, values = [], []
    for one in sought:
        ways = " OR ".join(f"{column} LIKE %s ESCAPE '\\'" for _piece in one.pieces)
        conditions.append(f"({ways})")
        values += [f"%{_escaped(piece)}%" for piece in one.pieces]
    return conditions, values


def _escaped(piece: str) -> str:
    return piece.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
