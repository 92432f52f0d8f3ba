"""The app of this room."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CodingConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.coding"
    label = "coding"

    def ready(self) -> None:
        """Hear from the journal what was said, and offer the work that follows."""
        # models can only be imported once every app is registered
        from gloed.base import audit, journal
        from gloed.coding import tasks
        from gloed.coding.search.index import ensure_index, teach

        post_migrate.connect(ensure_index, sender=self, dispatch_uid="coding.search")
        connection_created.connect(teach, dispatch_uid="coding.search")
        journal.subscribe("coding.codes", tasks.KINDS, tasks.mark_changes)
        journal.subscribe("coding.search", tasks.KINDS, tasks.index_changes)
        audit.name_actions(
            {
                "coding.start": _("started the codebook"),
                "coding.publish": _("published a version of the codebook"),
                "coding.restore": _("took an earlier version of the codebook up again"),
            }
        )
