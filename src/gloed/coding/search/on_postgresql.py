"""The index on PostgreSQL: every word and its ends (tsvector), in a table beside the answers.

A trigger per statement notes new answers, for numbers are not given out in the order in which
they are kept. An index over the answers themselves would have every import and every answer
wait until its words are taken apart.
"""

from typing import Any

HAS_WAITING = "SELECT 1 FROM coding_search_waiting LIMIT 1"
_MADE = (
    """
    CREATE OR REPLACE FUNCTION coding_folded(said text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT translate(lower(said), 'àáâäãåçèéêëìíîïñòóôöõùúûüýÿ', 'aaaaaaceeeeiiiinooooouuuuyy')
    $$""",
    """
    CREATE OR REPLACE FUNCTION coding_words(said text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(array_to_tsvector(array_agg(DISTINCT substr(word, place))), ''::tsvector)
        FROM (
            SELECT DISTINCT left(word, 60) AS word
            FROM regexp_split_to_table(coding_folded(said), '[^[:alnum:]]+') AS word
            WHERE word <> ''
        ) AS words,
        generate_series(1, greatest(1, length(word) - 1)) AS place
    $$""",
    """
    CREATE TABLE IF NOT EXISTS coding_search
    (answer_id bigint PRIMARY KEY, words tsvector NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS coding_search_words ON coding_search USING gin (words)",
    "CREATE TABLE IF NOT EXISTS coding_search_waiting (answer_id bigint PRIMARY KEY)",
    """
    CREATE OR REPLACE FUNCTION coding_search_note() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO coding_search_waiting (answer_id)
            SELECT id FROM new_answers WHERE verbatim <> '' ON CONFLICT DO NOTHING;
        ELSIF TG_OP = 'UPDATE' THEN
            DELETE FROM coding_search WHERE answer_id = OLD.id;
            INSERT INTO coding_search_waiting (answer_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
        ELSIF TG_OP = 'DELETE' THEN
            DELETE FROM coding_search WHERE answer_id IN (SELECT id FROM old_answers);
            DELETE FROM coding_search_waiting WHERE answer_id IN (SELECT id FROM old_answers);
        ELSE
            TRUNCATE coding_search, coding_search_waiting;
        END IF;
        RETURN NULL;
    END $$""",
)
_TRIGGERS = {
    "coding_search_new": "AFTER INSERT ON responses_answer REFERENCING NEW TABLE AS new_answers"
    " FOR EACH STATEMENT",
    "coding_search_changed": "AFTER UPDATE OF verbatim ON responses_answer FOR EACH ROW"
    " WHEN (OLD.verbatim IS DISTINCT FROM NEW.verbatim)",
    "coding_search_gone": "AFTER DELETE ON responses_answer REFERENCING OLD TABLE AS old_answers"
    " FOR EACH STATEMENT",
    "coding_search_emptied": "AFTER TRUNCATE ON responses_answer FOR EACH STATEMENT",
}


def ensure(cursor: Any) -> None:
    """Make the tables, functions and triggers; where a trigger was missing everything waits."""
    cursor.execute("DROP INDEX IF EXISTS coding_words_of_answers")  # of versions before the table
    for statement in _MADE:
        cursor.execute(statement)
    cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'responses_answer'::regclass")
    missing = _TRIGGERS.keys() - {name for (name,) in cursor.fetchall()}
    for name in sorted(missing):
        cursor.execute(
            f"CREATE TRIGGER {name} {_TRIGGERS[name]} EXECUTE FUNCTION coding_search_note()"
        )
    if missing:
        cursor.execute("TRUNCATE coding_search, coding_search_waiting")
        cursor.execute(
            "INSERT INTO coding_search_waiting (answer_id)"
            " SELECT id FROM responses_answer WHERE verbatim <> ''"
        )


def index_waiting(cursor: Any, most: int) -> int:
    """Put up to so many answers in.

    The answers are held meanwhile: who changes or deletes one waits, and then takes out what was
    put in here.
    """
    cursor.execute(
        "SELECT a.id FROM coding_search_waiting w JOIN responses_answer a ON a.id = w.answer_id"
        " ORDER BY a.id LIMIT %s FOR NO KEY UPDATE OF a SKIP LOCKED",
        [most],
    )
    keys = [key for (key,) in cursor.fetchall()]
    cursor.execute(
        "INSERT INTO coding_search (answer_id, words)"
        " SELECT id, coding_words(verbatim) FROM responses_answer"
        " WHERE id = ANY(%s) AND verbatim <> ''"
        " ON CONFLICT (answer_id) DO UPDATE SET words = EXCLUDED.words",
        [keys],
    )
    cursor.execute("DELETE FROM coding_search_waiting WHERE answer_id = ANY(%s)", [keys])
    return len(keys)
