"""Customers over time: the same people twice, the firms they belong to, and what they are worth."""
