"""The kiosk: one question on a tablet at a desk, with or without a network."""
