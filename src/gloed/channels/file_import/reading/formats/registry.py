"""Every table format by its signature (imports are recognised by content, never by name)."""

from gloed.channels.file_import.reading.formats import (
    delighted,
    feedback_tools,
    forms,
    helpdesks,
    limesurvey,
    qualtrics,
    surveymonkey,
)
from gloed.channels.file_import.reading.formats.beginnings import Beginning, TableFormat

TABLE_FORMATS: tuple[TableFormat, ...] = (
    TableFormat(
        "qualtrics_csv",
        qualtrics.recognises,
        qualtrics.lay_out,
        qualtrics.headers,
        qualtrics.header_records,
    ),
    TableFormat(
        "surveymonkey_csv",
        surveymonkey.recognises,
        surveymonkey.lay_out,
        surveymonkey.headers,
        surveymonkey.header_records,
    ),
    TableFormat("typeform_csv", forms.recognises_typeform, forms.lay_out_typeform),
    TableFormat("limesurvey_csv", limesurvey.recognises, limesurvey.lay_out),
    TableFormat(
        "formbricks_csv",
        feedback_tools.recognises_formbricks,
        feedback_tools.lay_out_formbricks,
        feedback_tools.formbricks_headers,
    ),
    TableFormat(
        "asknicely_csv", feedback_tools.recognises_asknicely, feedback_tools.lay_out_asknicely
    ),
    TableFormat("zendesk_csv", helpdesks.recognises_zendesk, helpdesks.lay_out_zendesk),
    TableFormat("hubspot_csv", helpdesks.recognises_hubspot, helpdesks.lay_out_hubspot),
    TableFormat(
        "trustpilot_csv", feedback_tools.recognises_trustpilot, feedback_tools.lay_out_trustpilot
    ),
    TableFormat(
        "retently_csv", feedback_tools.recognises_retently, feedback_tools.lay_out_retently
    ),
    TableFormat("delighted_csv", delighted.recognises, delighted.lay_out),
    # Last: a time stamp in front is the weakest of the signatures.
    TableFormat("google_forms_csv", forms.recognises_google, forms.lay_out_google),
)


JSON_FORMATS = (
    "delighted_json",
    "qualtrics_json",
    "zendesk_json",
    "hubspot_json",
    "retently_json",
    "formbricks_json",
    "asknicely_json",
    "generic_json",
)
FORMATS = (
    *(table_format.name for table_format in TABLE_FORMATS),
    *JSON_FORMATS,
    "excel",
    "parquet",
    "spss_sav",
    "limesurvey_lss",
    "generic_csv",
)


def recognise(beginning: Beginning) -> TableFormat | None:
    """The format whose signature the table bears; None for a generic table."""
    return next((f for f in TABLE_FORMATS if f.recognises(beginning)), None)
