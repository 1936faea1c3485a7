"""Is it really done? The camera is asked, and its answer decides; only what it cannot see is left to people."""
