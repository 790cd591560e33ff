"""Lessons as one file to keep: fonts, styles and figures inside, no script, nothing asked of anyone.

It is made from what the page is made from, the stored rendering, and sent lesson by lesson: a long path
takes no more memory than its longest lesson.
"""

from modules.onefile.writing import OneFile, kept

__all__ = ["OneFile", "kept"]
