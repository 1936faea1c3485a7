"""From observations to episodes: one module per kind, and the life cycle they share."""
