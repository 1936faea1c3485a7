"""One agency's duty for one incident: number, state, history that cannot be rewritten unseen."""
