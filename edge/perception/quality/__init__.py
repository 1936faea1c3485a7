"""Is the picture itself sound? What a camera usually shows, learned, and how far the newest picture is from it."""
