"""Pages of passives."""
