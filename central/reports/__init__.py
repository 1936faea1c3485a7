"""What citizens report, and the incident each report belongs to."""
