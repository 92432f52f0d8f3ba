"""The index on SQLite: pieces of three letters (FTS5).

Numbers of answers only rise, and one writer at a time gives them out: everything above a mark
waits. Noting each new answer by a trigger made an import twice as slow. Answers below the mark
whose words were changed are noted by one.
"""

from typing import Any

from gloed.coding.rules.searching import folded

HAS_WAITING = """
    SELECT 1 WHERE EXISTS (SELECT 1 FROM coding_search_waiting) OR EXISTS (
        SELECT 1 FROM responses_answer
        WHERE id > (SELECT upto FROM coding_search_mark) AND verbatim <> ''
    )"""
_TABLES = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS coding_search USING fts5(words, tokenize='trigram')",
    "CREATE TABLE IF NOT EXISTS coding_search_waiting (answer_id integer PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS coding_search_mark (upto integer NOT NULL)",
)
_TRIGGERS = {
    "coding_search_changed": """
        AFTER UPDATE OF verbatim ON responses_answer WHEN old.verbatim <> new.verbatim
        BEGIN
            DELETE FROM coding_search WHERE rowid = old.id;
            INSERT OR IGNORE INTO coding_search_waiting (answer_id) SELECT new.id
            WHERE new.id <= (SELECT upto FROM coding_search_mark);
        END""",
    "coding_search_gone": """
        AFTER DELETE ON responses_answer WHEN old.verbatim <> ''
        BEGIN
            DELETE FROM coding_search WHERE rowid = old.id;
            DELETE FROM coding_search_waiting WHERE answer_id = old.id;
        END""",
}


def ensure(cursor: Any) -> None:
    """Make the tables and triggers that are missing; without a trigger everything waits again."""
    for table in _TABLES:
        cursor.execute(table)
    cursor.execute("DROP TRIGGER IF EXISTS coding_search_new")  # of versions before the mark
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    missing = _TRIGGERS.keys() - {name for (name,) in cursor.fetchall()}
    for name in sorted(missing):
        cursor.execute(f"CREATE TRIGGER {name} {_TRIGGERS[name]}")
    cursor.execute("SELECT 1 FROM coding_search_mark")
    if missing or cursor.fetchone() is None:
        cursor.execute("DELETE FROM coding_search")
        cursor.execute("DELETE FROM coding_search_waiting")
        cursor.execute("DELETE FROM coding_search_mark")
        cursor.execute("INSERT INTO coding_search_mark (upto) VALUES (0)")


def index_waiting(cursor: Any, most: int) -> int:
    """Put up to so many answers in: those that were changed, then those above the mark."""
    cursor.execute(
        "SELECT w.answer_id, a.verbatim FROM coding_search_waiting w"
        " JOIN responses_answer a ON a.id = w.answer_id ORDER BY w.answer_id LIMIT %s",
        [most],
    )
    changed = cursor.fetchall()
    cursor.execute(
        "SELECT id, verbatim FROM responses_answer"
        " WHERE id > (SELECT upto FROM coding_search_mark) ORDER BY id LIMIT %s",
        [most - len(changed)],
    )
    new = cursor.fetchall()
    keys = [(key,) for key, _said in changed]
    cursor.executemany("DELETE FROM coding_search WHERE rowid = %s", keys)
    cursor.executemany("DELETE FROM coding_search_waiting WHERE answer_id = %s", keys)
    cursor.executemany(
        "INSERT INTO coding_search (rowid, words) VALUES (%s, %s)",
        [(key, folded(said)) for key, said in [*changed, *new] if said],
    )
    if new:
        cursor.execute("UPDATE coding_search_mark SET upto = %s", [new[-1][0]])
    return len(changed) + len(new)
