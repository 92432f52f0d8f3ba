"""Letters: the conversation with a customer about a case, and whether it is solved."""
