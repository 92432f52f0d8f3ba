"""Testimonials: customers who agree to be quoted, and the review sites everybody is shown."""
