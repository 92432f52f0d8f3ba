"""Goals: a score to reach by a day, held against what so many answers can show."""
