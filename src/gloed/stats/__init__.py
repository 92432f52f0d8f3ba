"""The statistics of Gloed: pure functions on counts and scores, without Django."""
