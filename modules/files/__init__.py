from .base import FileKind, digest, kind_of, kinds
from .yamlfile import FileError

__all__ = ["FileError", "FileKind", "digest", "kind_of", "kinds"]
