"""The web: chat page, support page, accessibility statement and probes, rendered on the server."""
