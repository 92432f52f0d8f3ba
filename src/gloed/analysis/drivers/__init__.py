"""Drivers: which further ratings go with the score, held against how they are rated."""
