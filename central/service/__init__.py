"""What each kind of complaint is promised: working calendars and service policies, each version kept as it was."""
