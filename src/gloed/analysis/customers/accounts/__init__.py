"""Accounts: several persons, one customer."""
