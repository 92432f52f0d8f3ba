"""Alarms: saved views that are watched, with a stated rate of false alarms."""
