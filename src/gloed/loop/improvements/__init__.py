"""Improvements: a cause removed for everybody, planned, done, and seen to be done."""
