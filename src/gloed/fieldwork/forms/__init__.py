"""What is asked on the pages of this room."""

from gloed.fieldwork.forms.conditions import (
    Conditions,
    PersonConditions,
    conditions_of,
    rows_of,
)
from gloed.fieldwork.forms.ledger import EventsForm, LedgerForm
from gloed.fieldwork.forms.planning import ONCE, PlanForm
from gloed.fieldwork.forms.policy import ExemptionForm, PolicyForm, TryPersonForm
from gloed.fieldwork.forms.triggers import TriggerForm, TryTriggerForm

__all__ = [
    "ONCE",
    "Conditions",
    "EventsForm",
    "ExemptionForm",
    "LedgerForm",
    "PersonConditions",
    "PlanForm",
    "PolicyForm",
    "TriggerForm",
    "TryPersonForm",
    "TryTriggerForm",
    "conditions_of",
    "rows_of",
]
