"""Verdicts after a run -> short messages by mail, webhook or Telegram: a summary, and reminders in time."""

from queries.notify.telling import Outgoing, check_receivers, tell_after_run, tell_all

__all__ = ["Outgoing", "check_receivers", "tell_after_run", "tell_all"]
