"""A city's existing CRM that speaks Open311: complaints go there, and its word on them comes back."""
