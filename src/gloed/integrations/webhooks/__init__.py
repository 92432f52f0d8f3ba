"""News for other systems, posted to addresses they gave: Standard Webhooks 1.0.0."""
