"""What is due when: working time and deadlines as pure functions. Nothing here knows Django, a database or the time."""
