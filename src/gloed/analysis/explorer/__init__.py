"""The explorer: any score by time and up to two columns, compared, saved and taken along."""
