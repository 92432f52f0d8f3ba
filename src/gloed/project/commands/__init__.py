"""The verbs of `gloed`: parse, one call, report. Django is imported inside, when a verb runs."""
