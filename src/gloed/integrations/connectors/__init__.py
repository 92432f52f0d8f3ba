"""Connections to other systems: one table, one way out and one way in; a folder for each system."""
