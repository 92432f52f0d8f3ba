"""Reading a file that another tool wrote into canonical records. No Django, no database.

`open_source` recognises a file and gives a `Source`; `source.plan()` says how it was
understood, `source.records()` gives its rows lazily, `summary` the figures of a dry run.
Whatever cannot be read raises `UnreadableFile` with a code and a sentence.
"""

from gloed.channels.file_import.reading.formats.registry import FORMATS
from gloed.channels.file_import.reading.plans import (
    ColumnPlan,
    ImportPlan,
    LabelPlan,
    MetricPlan,
    Remark,
    TimePlan,
    Why,
)
from gloed.channels.file_import.reading.refusals import SENTENCES, Reason, UnreadableFile
from gloed.channels.file_import.reading.sources import (
    Source,
    open_source,
    read_records,
    understand,
)
from gloed.channels.file_import.reading.summaries import summary, tally
from gloed.channels.file_import.reading.values import (
    Answer,
    Companions,
    DateOrder,
    Metric,
    Moment,
    Options,
    Person,
    Precision,
    Record,
    Respondent,
    Skipped,
    SkipReason,
    SourceFile,
    Status,
    Suppression,
    Target,
    WarningCode,
)
from gloed.channels.file_import.reading.wishes import options_from

__all__ = [
    "FORMATS",
    "SENTENCES",
    "Answer",
    "ColumnPlan",
    "Companions",
    "DateOrder",
    "ImportPlan",
    "LabelPlan",
    "Metric",
    "MetricPlan",
    "Moment",
    "Options",
    "Person",
    "Precision",
    "Reason",
    "Record",
    "Remark",
    "Respondent",
    "SkipReason",
    "Skipped",
    "Source",
    "SourceFile",
    "Status",
    "Suppression",
    "Target",
    "TimePlan",
    "UnreadableFile",
    "WarningCode",
    "Why",
    "open_source",
    "options_from",
    "read_records",
    "summary",
    "tally",
    "understand",
]
