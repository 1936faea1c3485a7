"""What an administrator sets, and the record of who changed which setting."""
