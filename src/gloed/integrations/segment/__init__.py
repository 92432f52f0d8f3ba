"""Segment and RudderStack: identify, track and group come in; our answers go out as events."""
