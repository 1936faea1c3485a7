"""Lists of complaints as files: every row that the filter names, written while the database reads."""
