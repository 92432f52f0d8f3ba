"""Who answered and who did not: response by segment, what the silent could do, and weights."""
