"""Scoring a file as it is: nothing is imported, nothing is kept, no database is asked.

`gathering` turns the records of a file into the columns of the projection, `scoring` asks them what
the pages ask; both know no Django. `reports` and what it uses make the page a director is sent.
"""
