"""Retention and value: customers of a file, who stays, who leaves, and what that is worth."""
