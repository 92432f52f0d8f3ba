"""Words of answers, found quickly: an index of the record's own, beside the answers.

SQLite keeps pieces of three letters (FTS5), PostgreSQL every word and its ends (tsvector): both
find parts of compounds. What is not in it yet is read as it stands, so that nothing is missed.
"""
