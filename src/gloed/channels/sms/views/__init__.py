"""Pages of this room: for colleagues, and the short addresses that stand in messages."""
