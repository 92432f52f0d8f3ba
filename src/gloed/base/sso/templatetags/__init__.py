"""Log-in services on pages."""
