"""Verdicts after a run -> short messages by mail, webhook or Telegram: a summary, and reminders in time."""

from queries.notify.telling import Desk, Outgoing, check_receivers, tell_after_run, tell_all

__all__ = ["Desk", "Outgoing", "check_receivers", "tell_after_run", "tell_all"]
