"""Asking by JSON: what the widget, the kiosk and anybody's own app read and send.

One version of it, `v1`, stands in the address. What is described here only ever grows: a field may
be added to an answer, none is taken away or given another meaning within a version.
"""
