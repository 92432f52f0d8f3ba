"""From bytes to rows: one module per kind of file, none of which knows any tool's layout."""
