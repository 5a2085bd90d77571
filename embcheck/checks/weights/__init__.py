"""Rules on values alone (WGT)."""
