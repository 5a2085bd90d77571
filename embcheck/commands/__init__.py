"""What a user can ask for, one file a command: each returns a Report."""
