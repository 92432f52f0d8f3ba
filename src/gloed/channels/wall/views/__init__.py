"""The pages of the wall: for customers, for everybody, and for colleagues."""
