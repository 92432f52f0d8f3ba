"""The pages of testimonials for colleagues."""
