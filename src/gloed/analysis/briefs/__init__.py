"""The brief: one page a month for each role, frozen as it was sent."""
