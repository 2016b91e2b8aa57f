"""The console's pages of a whole application, put together."""

from __future__ import annotations

from bot.administration.audit_log import AuditLog
from bot.app import App
from bot.web.audit_page import audit_section
from bot.web.console import Section
from bot.web.insight.section import insight_section
from bot.web.knowledge.section import knowledge_section
from bot.web.settings_pages.section import settings_section


def console_sections(app: App) -> tuple[Section, ...]:
    """The knowledge base, the settings, the log."""
    return (
        insight_section(app),
        knowledge_section(app),
        audit_section(app, AuditLog(app.store)),
        settings_section(app),
    )
