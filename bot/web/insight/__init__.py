"""The console's pages about how the assistant is doing: what waits, votes, ageing, old answers."""
