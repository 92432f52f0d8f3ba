"""Colleagues log in with Google, Microsoft or their own service; allauth speaks OpenID Connect."""
