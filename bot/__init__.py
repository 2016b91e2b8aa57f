"""Hänsyn, a chat assistant for *social hänsyn i upphandling*.

A map of the four packages; imports go one way, ``bot -> storage -> knowledge -> intents``:

- ``intents``    what people mean: pure functions and dialogs as tables
- ``knowledge``  the guidance corpus, its search and its sourced answers
- ``storage``    the database: turns, cases, guidance versions, outbox
- ``bot``        the application: routing, channels, texts, web, command line
"""

__version__ = "0.1.0"
