"""Pages that change by themselves: one poller of the change feed a process, server-sent events to many browsers."""
