"""The console's pages of everything administrators set."""
