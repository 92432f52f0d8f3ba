"""The pages of telling back."""
