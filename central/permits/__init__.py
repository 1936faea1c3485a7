"""Where selling is lawful: places that decrees (SK) designate, for whom, when, and what that means for a sighting."""
