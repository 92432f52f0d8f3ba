"""Pages of journeys: the list, arranging one, and a touchpoint."""
