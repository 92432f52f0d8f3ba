"""Making the index and keeping it: what the database does by itself, and the worker's part.

On SQLite triggers note answers whose words are new, and take words that were changed, emptied or
deleted out of the index in the same transaction. The worker puts the noted ones in. On PostgreSQL
an index over a function does all of it.
"""

from typing import Any

from django.db import connection, transaction

from gloed.coding.rules.searching import folded

AT_ONCE = 2_000
_ANSWERS = "responses_answer"
_TRIGGERS = {
    "coding_search_new": """
        AFTER INSERT ON responses_answer WHEN new.verbatim <> ''
        BEGIN
            INSERT INTO coding_search_waiting (answer_id) SELECT new.id
            WHERE NOT EXISTS (SELECT 1 FROM coding_search_waiting WHERE answer_id = new.id);
        END""",
    "coding_search_changed": """
        AFTER UPDATE OF verbatim ON responses_answer WHEN old.verbatim <> new.verbatim
        BEGIN
            DELETE FROM coding_search WHERE rowid = old.id;
            DELETE FROM coding_search_waiting WHERE answer_id = old.id;
            INSERT INTO coding_search_waiting (answer_id) SELECT new.id WHERE new.verbatim <> '';
        END""",
    "coding_search_gone": """
        AFTER DELETE ON responses_answer WHEN old.verbatim <> ''
        BEGIN
            DELETE FROM coding_search WHERE rowid = old.id;
            DELETE FROM coding_search_waiting WHERE answer_id = old.id;
        END""",
}
_FUNCTION = """
    CREATE OR REPLACE FUNCTION coding_words(said text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(array_to_tsvector(array_agg(DISTINCT substr(word, place))), ''::tsvector)
        FROM (
            SELECT DISTINCT left(word, 60) AS word FROM regexp_split_to_table(
                translate(
                    lower(said),
                    'àáâäãåçèéêëìíîïñòóôöõùúûüýÿ',
                    'aaaaaaceeeeiiiinooooouuuuyy'
                ),
                '[^[:alnum:]]+'
            ) AS word WHERE word <> ''
        ) AS words,
        generate_series(1, greatest(1, length(word) - 1)) AS place
    $$
"""


def ensure_index(**_more: Any) -> None:
    """Make what is missing; called after every migration. Harmless to repeat.

    A migration that writes the table of answers anew takes SQLite's triggers with it: then every
    answer is noted again.
    """
    with connection.cursor() as cursor:
        if _ANSWERS not in connection.introspection.table_names(cursor):
            return
        if connection.vendor == "sqlite":
            _ensure_sqlite(cursor)
        elif connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
            cursor.execute(
                "CREATE INDEX IF NOT EXISTS coding_words_of_answers ON responses_answer"
                " USING gin (coding_words(verbatim)) WHERE verbatim <> ''"
            )


def teach(connection: Any, **_more: Any) -> None:
    """Let SQLite read words that are not in the index yet as those that are; once a connection."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("coding_folded", 1, folded, deterministic=True)


def has_waiting() -> bool:
    """Whether there is something for the worker to put in."""
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM coding_search_waiting LIMIT 1")
        return cursor.fetchone() is not None


def index_waiting(most: int = AT_ONCE) -> int:
    """Put answers that were noted into the index; how many."""
    if connection.vendor != "sqlite":
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.answer_id, a.verbatim FROM coding_search_waiting w"
            " JOIN responses_answer a ON a.id = w.answer_id ORDER BY w.answer_id LIMIT %s",
            [most],
        )
        rows = cursor.fetchall()
        keys = [(key,) for key, _said in rows]
        cursor.executemany("DELETE FROM coding_search WHERE rowid = %s", keys)
        cursor.executemany(
            "INSERT INTO coding_search (rowid, words) VALUES (%s, %s)",
            [(key, folded(said)) for key, said in rows],
        )
        cursor.executemany("DELETE FROM coding_search_waiting WHERE answer_id = %s", keys)
    return len(rows)


def _ensure_sqlite(cursor: Any) -> None:
    cursor.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS coding_search USING fts5(words, tokenize='trigram')"
    )
    cursor.execute(
        "CREATE TABLE IF NOT EXISTS coding_search_waiting (answer_id integer PRIMARY KEY)"
    )
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    present = {name for (name,) in cursor.fetchall()}
    missing = _TRIGGERS.keys() - present
    for name in sorted(missing):
        cursor.execute(f"CREATE TRIGGER {name} {_TRIGGERS[name]}")
    if missing:
        cursor.execute("DELETE FROM coding_search")
        cursor.execute("DELETE FROM coding_search_waiting")
        cursor.execute(
            "INSERT INTO coding_search_waiting (answer_id)"
            " SELECT id FROM responses_answer WHERE verbatim <> ''"
        )
