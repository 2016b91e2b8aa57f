"""What people mean: pure functions, rules as data and dialogs as tables; no input or output."""
