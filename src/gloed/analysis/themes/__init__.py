"""Themes beside the rest of analysis: who names one, and what changed in what people write."""
