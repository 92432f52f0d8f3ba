"""The inner loop: cases of single customers, from an answer to what they were told."""
