from typing import NamedTuple


class Problem(NamedTuple):
    """What is wrong with an author's text, in a sentence, and where.

    `line` counts from 1 within `where`: "body", "hook", "question gqa-ratio" ...
    """

    message: str
    line: int | None = None
    where: str = "body"

    def __str__(self) -> str:
        place = self.where if self.line is None else f"{self.where}, line {self.line}"
        return f"{place}: {self.message}"
