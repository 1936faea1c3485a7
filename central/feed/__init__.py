"""What changed, in order, for pages that live."""
