"""The API of Delighted, which ended on 30 June 2026, spoken as its clients know it.

An integration written for it goes on after two changes: the base address and the key.
"""
