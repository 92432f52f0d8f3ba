"""The widget: a question on the organisation's own website or in its own app."""
