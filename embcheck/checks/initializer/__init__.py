"""Rules on what a tensor was drawn from (INI)."""
