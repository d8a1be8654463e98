"""Installation: the timetable, the keys, and whose database this is."""
