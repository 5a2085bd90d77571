"""Rules on what a module owns (REG)."""
