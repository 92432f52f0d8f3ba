"""Benchmarks: the own history first, and numbers of others only inside the own sector."""
