"""The page on which moderators work: /admin/comments/queue/."""

from comments.admin.desk import batches, changes, deciding, find_sender, page, pulse

__all__ = ["batches", "changes", "deciding", "find_sender", "page", "pulse"]
