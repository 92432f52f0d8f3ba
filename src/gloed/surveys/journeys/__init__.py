"""Journeys: phases and touchpoints, who owns them, and what is good enough."""
