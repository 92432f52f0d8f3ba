"""Told back: who asked for an improvement hears that it is done, and is asked again later."""
