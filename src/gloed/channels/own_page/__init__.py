"""The respondent's own page: how often to be asked, what they answered, and taking it back."""
