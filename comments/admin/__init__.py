from comments.admin import letters, log, policy, queue, standings

__all__ = ["letters", "log", "policy", "queue", "standings"]
