"""Zendesk: tickets and users."""
