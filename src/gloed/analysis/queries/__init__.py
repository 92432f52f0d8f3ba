"""Questions to the projection as frozen values, and their answers: counts, never rows.

A query is built once as an Ibis expression and runs on every engine. The same queries answer for
an organisation's projection and for a table in memory:

    source = store.projection_of(organisation)            # or store.from_arrow(table)
    result = run(source, Query(Selection(surveys=(survey_id,)), by=("team",)))

What adds up is asked of each piece of a source apart and kept for as long as the piece stands: new
answers come in a piece of their own, so that only those are counted after news.
"""

from gloed.analysis.queries.asked import (
    ALL_TIME,
    Cell,
    Doubt,
    Filter,
    Group,
    Period,
    Query,
    Result,
    Selection,
    Window,
    next_period,
)
from gloed.analysis.queries.histograms import run, run_each, splitting_columns
from gloed.analysis.queries.latest import run_latest
from gloed.analysis.queries.lists import End, find_days, keep_keys, list_keys, list_strongest
from gloed.analysis.queries.people import count_few_people, count_people, count_responses
from gloed.analysis.queries.together import Pattern, count_patterns
from gloed.analysis.schema import MOST_VALUES

__all__ = [
    "ALL_TIME",
    "MOST_VALUES",
    "Cell",
    "Doubt",
    "End",
    "Filter",
    "Group",
    "Pattern",
    "Period",
    "Query",
    "Result",
    "Selection",
    "Window",
    "count_few_people",
    "count_patterns",
    "count_people",
    "count_responses",
    "find_days",
    "keep_keys",
    "list_keys",
    "list_strongest",
    "next_period",
    "run",
    "run_each",
    "run_latest",
    "splitting_columns",
]
