"""Asking by telephone: a colleague reads the question aloud and writes down what is said."""
