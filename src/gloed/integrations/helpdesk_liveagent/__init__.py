"""LiveAgent: tickets."""
