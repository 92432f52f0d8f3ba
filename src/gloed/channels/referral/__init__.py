"""What promoters and their friends open and get: the landing, an own page, and a mail."""
