"""What the centre wants its boxes to look for: versions, what is sent, and where a box differs."""
