"""Promoters: who is glad with us, what they were asked, what they gave."""
