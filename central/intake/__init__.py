"""From the broker into the database: commit, acknowledge, then apply in order; what cannot be read is kept aside."""
