"""The same people twice: who went from which group to which."""
