"""Leaks: where what customers say gets stuck on its way to something that is done about it."""
