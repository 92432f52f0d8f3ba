"""What is done with what customers say: cases, improvements, and what is told back."""
