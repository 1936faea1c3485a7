"""What leaves the centre: written in the transaction that causes it, delivered by a relay, at least once."""
