from comments.admin import (
    dashboard,
    desk,
    learned,
    letters,
    log,
    mail_choice,
    policy,
    queue,
    ready_reasons,
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
    "queue",
    "ready_reasons",
    "senders",
    "standings",
    "word_lists",
]
