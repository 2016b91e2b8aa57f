"""Files that go out and come in: receipts, notices, templates, attachments."""
