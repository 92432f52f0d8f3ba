"""SQLite as Gloed uses it: Django's own, save for how it waits for its turn to write."""
