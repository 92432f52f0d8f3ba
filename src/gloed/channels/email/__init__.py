"""Asking by mail: the letter, handing it over, and leaving the list."""
