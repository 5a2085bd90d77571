"""What torch itself draws, on the requested device and dtype: one file a group of the table."""
