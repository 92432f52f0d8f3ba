"""No law here is about time: a busy machine must not fail one."""

from hypothesis import settings

settings.register_profile("stats", deadline=None)
settings.load_profile("stats")
