"""What the command line does, one module a command; data to stdout, talk to stderr."""
