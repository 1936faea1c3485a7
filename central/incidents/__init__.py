"""Episodes as boxes see them, and the incidents they belong to."""
