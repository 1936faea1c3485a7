"""What the box saw and thought, drawn over a recording: for people who tune a camera. Not masked, never evidence."""
