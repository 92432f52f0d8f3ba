"""The wall: what customers agreed to say, for everybody, and the page on which they agree."""
