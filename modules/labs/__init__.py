"""The interactive pieces that run the notebook's own code on what a reader gives, by the name a lesson gives them."""

from collections.abc import Callable, Mapping
from typing import Protocol

from modules.labs import bars, forward, heads, playground, steps


class Result(Protocol):
    """What a lab answers: the template that shows it (as `result`), and itself as Markdown."""

    @property
    def template(self) -> str: ...

    def markdown(self) -> str: ...


LABS: dict[str, Callable[[Mapping[str, str]], Result]] = {
    "bpe": steps.run,
    "sampling": bars.run,
    "forward": forward.run,
    "heads": heads.run,
    "optimizers": playground.run,
}
