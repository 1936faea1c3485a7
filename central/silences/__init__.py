"""What somebody does not want to hear of for a while: who says so, for how long, and why."""
