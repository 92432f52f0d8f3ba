"""Passives: what holds them back, whom we work on, where they went, and what they were given."""
