from .base import FileKind, digest, kind_of, kinds, replace
from .yamlfile import FileError

__all__ = ["FileError", "FileKind", "digest", "kind_of", "kinds", "replace"]
