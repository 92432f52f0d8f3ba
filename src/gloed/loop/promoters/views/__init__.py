"""The pages of promoters."""
