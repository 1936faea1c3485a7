"""Which agency answers for what, by ordered rules whose decision leaves a trace."""
