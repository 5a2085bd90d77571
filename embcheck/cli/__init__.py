"""The command line: parses, calls one function of `commands`, prints what a reporter rendered, maps exit codes."""
