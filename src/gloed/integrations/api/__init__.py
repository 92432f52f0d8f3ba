"""The API, version 1: what programs read and write, as people do on the pages."""
