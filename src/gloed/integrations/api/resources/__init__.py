"""One file per resource: its bodies, its addresses, and one call each."""
