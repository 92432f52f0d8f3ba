"""Freshdesk: tickets and contacts."""
