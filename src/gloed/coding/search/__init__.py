"""Words of answers, found quickly: an index of the record's own, kept right by the database.

SQLite keeps pieces of three letters (FTS5) and a list of answers that are not in it yet, written by
triggers; PostgreSQL an index of every word and its ends (tsvector). Both find parts of compounds.
"""
