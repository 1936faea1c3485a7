"""The pages: operator, agency and public."""
