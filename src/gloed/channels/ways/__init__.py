"""The ways to ask: one page that leads to each channel of a survey."""
