"""THE QUESTIONS: one file a rule, a folder a family."""
