"""THE ANSWERS: one file a format, Report to str, no torch."""
