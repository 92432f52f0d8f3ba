"""Decisions about codebooks and codes on plain frozen values; no Django."""
