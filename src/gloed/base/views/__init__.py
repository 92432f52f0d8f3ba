"""Pages about the organisation, its teams and colleagues, and the own account."""
