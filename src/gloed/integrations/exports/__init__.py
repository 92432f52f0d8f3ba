"""Taking everything along: archives of an organisation, and tables of answers."""
