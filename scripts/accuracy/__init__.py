"""What the box finds, misses and invents on clips whose truth is known, as events."""
