"""Pages of scores and answers."""
