"""Rules on the border between torch and numpy (CNV)."""
