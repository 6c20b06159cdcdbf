from newsroom.admin import site, staff

__all__ = ["site", "staff"]
