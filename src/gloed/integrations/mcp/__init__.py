"""Assistants ask our numbers by the Model Context Protocol; each comes with what it rests on."""
