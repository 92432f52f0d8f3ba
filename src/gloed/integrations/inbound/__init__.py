"""Any system that can post JSON: a secret address, and a page that says which field is what."""
