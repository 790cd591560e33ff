from . import companies, history, lessons, numbers

__all__ = ["companies", "history", "lessons", "numbers"]
