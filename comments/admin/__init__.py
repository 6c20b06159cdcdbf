from comments.admin import (
    dashboard,
    desk,
    learned,
    letters,
    log,
    mail_choice,
    policy,
    ready_reasons,
    replies,
    senders,
    standings,
    word_lists,
)

__all__ = [
    "dashboard",
    "desk",
    "learned",
    "letters",
    "log",
    "mail_choice",
    "policy",
    "ready_reasons",
    "replies",
    "senders",
    "standings",
    "word_lists",
]
