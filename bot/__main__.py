"""``python -m bot`` is ``hansyn``."""

from bot.cli import main

main()
