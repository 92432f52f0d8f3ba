"""What changed: one period against another, where the change sits, and whether to act on it."""
