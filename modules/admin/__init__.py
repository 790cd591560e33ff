from . import companies, history, lessons, numbers, reports

__all__ = ["companies", "history", "lessons", "numbers", "reports"]
