"""Pages of letters: the conversation on the card of a case, the texts, what was set apart."""
