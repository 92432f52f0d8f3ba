"""The app of this room."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.analysis"
    label = "analysis"

    def ready(self) -> None:
        """Hear from the journal what changed in the record, and offer the work that follows."""
        # models can only be imported once every app is registered
        from gloed.analysis import tasks
        from gloed.base import journal

        journal.subscribe("analysis.projection", tasks.KINDS, tasks.mark_changes)
