"""The lab of the tokenization lesson: every merge that turns a reader's text into tokens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from modules.labs.bpe import Pair, replay, split, vocabulary
from modules.labs.merges import learned

LIMIT = 500  # characters the lab takes
LONG = 32  # bytes: a longer pre-token shows its tokens only, since its steps grow with the square of it
MARKS = {" ": "␣", "\n": "↵", "\t": "⇥"}


class StepsError(ValueError):
    """The text cannot be shown; a sentence for the reader."""


@dataclass(frozen=True)
class Piece:
    """A piece as the page shows it: a space as ␣, half a character as its bytes."""

    text: str
    id: int
    joins: bool = False  # it is one half of the pair merged next


@dataclass(frozen=True)
class State:
    """The pieces of a pre-token at one moment, and the rank of the merge that comes next, if one does."""

    pieces: tuple[Piece, ...]
    rank: int | None


@dataclass(frozen=True)
class Word:
    """A pre-token and how it came to its tokens; no states where it is too long to show them."""

    text: str
    tokens: tuple[Piece, ...]
    states: tuple[State, ...]


@dataclass(frozen=True)
class Steps:
    """What the lab shows for a text: its tokens, and the merges of each different pre-token."""

    text: str
    tokens: tuple[Piece, ...] = ()
    words: tuple[Word, ...] = ()
    error: str = ""

    template = "modules/labs/bpe.html"
    limit = LIMIT

    @property
    def characters(self) -> int:
        return len(self.text)

    @property
    def size_bytes(self) -> int:
        return len(self.text.encode())

    @property
    def characters_per_token(self) -> float:
        return self.characters / len(self.tokens) if self.tokens else 0.0

    def markdown(self) -> str:
        return markdown(self)


def steps(text: str) -> Steps:
    """Return every merge of `text`. Raises StepsError when it is over LIMIT or cannot be UTF-8."""
    check(text, LIMIT)
    ranks = learned()
    ids = vocabulary(ranks)
    words = {word: _word(word, ranks, ids) for word in split(text)}
    tokens = tuple(token for word in split(text) for token in words[word].tokens)
    return Steps(text, tokens, tuple(words.values()))


def check(text: str, limit: int) -> None:
    """Raise StepsError where a text is longer than `limit` characters or cannot be UTF-8."""
    if len(text) > limit:
        raise StepsError(f"The text has {len(text):,} characters; the lab takes {limit}.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise StepsError("The text holds half of a surrogate pair, which UTF-8 cannot write.")


def run(given: Mapping[str, str]) -> Steps:
    """Answer the lab's form: the steps, or what is wrong with the text. Browsers send line ends as CRLF."""
    text = given["text"].replace("\r\n", "\n")
    try:
        return steps(text)
    except StepsError as exc:
        return Steps(text[:LIMIT].encode(errors="replace").decode(), error=str(exc))


def shown(piece: bytes) -> str:
    """Return `piece` in print: spaces and line ends as marks, what is no whole character as hexadecimal."""
    try:
        text = piece.decode()
    except UnicodeDecodeError:
        return piece.hex(" ").upper()
    return "".join(MARKS.get(c) or (c if c.isprintable() else f"U+{ord(c):04X}") for c in text)


def markdown(result: Steps) -> str:
    """Return the result as Markdown, for /raw/: the tokens with their ids, then the merges of each pre-token."""
    tokens = ", ".join(f"{code(token.text)} {token.id}" for token in result.tokens)
    lines = [
        f"Text: {code(shown(result.text.encode()))}",
        "",
        f"Tokens: {len(result.tokens)} for {result.characters} characters in {result.size_bytes} bytes: {tokens}.",
        "",
    ]
    lines += [f"{number}. {_path(word)}" for number, word in enumerate(result.words, 1)]
    return "\n".join(lines) + "\n"


def _word(word: bytes, ranks: Mapping[Pair, int], ids: Mapping[bytes, int]) -> Word:
    history = [State(_pieces(pieces, pair, ids), ranks[pair] if pair else None) for pieces, pair in replay(word, ranks)]
    return Word(shown(word), history[-1].pieces, tuple(history) if len(word) <= LONG else ())


def _pieces(pieces: list[bytes], pair: Pair | None, ids: Mapping[bytes, int]) -> tuple[Piece, ...]:
    joining: set[int] = set()
    for i in range(len(pieces) - 1):
        if (pieces[i], pieces[i + 1]) == pair and i not in joining:
            joining |= {i, i + 1}
    return tuple(Piece(shown(piece), ids[piece], i in joining) for i, piece in enumerate(pieces))


def _path(word: Word) -> str:
    if not word.states:
        return f"{code(word.text)} → {_codes(word.tokens)}"
    merges = "".join(f"{_codes(state.pieces)} → merge {state.rank} → " for state in word.states[:-1])
    return merges + _codes(word.tokens)


def _codes(pieces: Iterable[Piece]) -> str:
    return " ".join(code(piece.text) for piece in pieces)


def code(text: str) -> str:
    """Return `text` as a code span, whatever backticks it holds."""
    fence = "`"
    while fence in text:
        fence += "`"
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def cell(text: str) -> str:
    """Return `text` as a code span in a cell of a table."""
    return code(text).replace("|", "\\|")
