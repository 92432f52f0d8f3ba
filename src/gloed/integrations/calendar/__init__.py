"""Calendars: waves and deadlines in the calendar a colleague already uses."""
