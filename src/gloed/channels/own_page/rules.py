"""What the own page offers and for how long: decisions on plain values."""

EXAMPLE = "example"
"""A token that nobody has: its page shows what a press would do, and does nothing."""
