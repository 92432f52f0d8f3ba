"""Which systems there are, each in its own folder, loaded when somebody needs it."""

from collections.abc import Callable
from importlib import import_module
from typing import cast

from gloed.integrations.connectors import shape

FOLDERS = {
    "chat": "gloed.integrations.chat.connector",
    "zendesk": "gloed.integrations.helpdesk_zendesk.connector",
    "freshdesk": "gloed.integrations.helpdesk_freshdesk.connector",
    "liveagent": "gloed.integrations.helpdesk_liveagent.connector",
    "hubspot": "gloed.integrations.crm_hubspot.connector",
    "salesforce": "gloed.integrations.crm_salesforce.connector",
    "segment": "gloed.integrations.segment.connector",
    "inbound": "gloed.integrations.inbound.connector",
}


def register_all() -> None:
    """Make every folder known; its module is loaded at first use."""
    for name, path in FOLDERS.items():
        shape.register(name, _maker(path))


def _maker(path: str) -> Callable[[], shape.Connector]:
    def make() -> shape.Connector:
        return cast("shape.Connector", import_module(path).CONNECTOR)

    return make
