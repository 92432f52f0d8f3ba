"""Salesforce: cases and contacts."""
