"""What time alone brings about: complaints that fall due, holds that end, boxes that fall silent."""
