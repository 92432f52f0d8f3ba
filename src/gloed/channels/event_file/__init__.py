"""Events from a file: what happened, told by whoever has no API at hand."""
