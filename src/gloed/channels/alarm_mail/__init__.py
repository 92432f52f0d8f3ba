"""Alarms by mail: whoever asked for it is told once, in their own language."""
