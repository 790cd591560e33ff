"""Tokens to plain Markdown, complete in itself: for /raw/, for models, for whoever has no browser.

mdformat writes Markdown from the very tokens the page is made from; what the notebook adds to Markdown
is written here, one method for each kind of node. Anchors stand as `{#id}` behind what they name, as
authors write them, so `#id` works on the page's address. What stands in a box on the page is a
quotation here, so that its end shows; a derivation is none, since it ends in its check.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from markdown_it.token import Token
from mdformat.plugins import PARSER_EXTENSIONS
from mdformat.renderer import DEFAULT_RENDERERS, MDRenderer, RenderContext, RenderTreeNode

from modules.rendering.containers import VERDICTS
from modules.rendering.document import Document
from modules.rendering.plot import Plot
from modules.rendering.references import References, program_address
from modules.rendering.survey import RUN
from modules.rendering.svg import SvgError, svg_description
from modules.rendering.texts import FAILURE_PARTS, FailureTexts, QuestionTexts

MARKS = re.compile(r"([\\`*\[\]<$]|(?<!\w)_|_(?!\w))")


def literal(text: str) -> str:
    """Return plain text as Markdown on one line that says just that."""
    return MARKS.sub(r"\\\1", " ".join(text.split()))


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.splitlines())


def anchored(anchor: str) -> str:
    return f" {{#{anchor}}}" if anchor else ""


def blocks(parts: Iterable[str]) -> str:
    return "\n\n".join(filter(None, parts))


class Markdown:
    """Writes one lesson's texts as Markdown, driven by mdformat's renderer (as one of its plugins).

    `home` is the lesson's own address, for a text that stands elsewhere.
    """

    def __init__(self, references: References, explorers: Mapping[str, str], home: str = "") -> None:
        self.home = home
        self.references = references
        self.explorers = explorers
        self.is_asking = False  # whether a question is being written; none stands in another
        self.RENDERERS = {name: getattr(self, name) for name in NODES.split()}
        self.POSTPROCESSORS = {"text": _without_dollars}

    def document(self, document: Document) -> str:
        """Return one text as Markdown, without a newline at its end."""
        return self.tokens(document.tokens)

    def tokens(self, tokens: Iterable[Token]) -> str:
        """Return part of a text as Markdown: whole blocks, without a newline at its end."""
        extensions = [PARSER_EXTENSIONS["tables"], PARSER_EXTENSIONS["footnote"], self]
        options: dict[str, Any] = {"parser_extension": extensions, "mdformat": {"compact_tables": True, "number": True}}
        return MDRenderer().render(list(tokens), options, {}).strip("\n")

    # Blocks

    def heading(self, node: RenderTreeNode, context: RenderContext) -> str:
        return DEFAULT_RENDERERS["heading"](node, context) + anchored(str(node.attrs.get("id", "")))

    def fence(self, node: RenderTreeNode, context: RenderContext) -> str:
        text = DEFAULT_RENDERERS["fence"](node, context)
        if block := node.meta.get("file"):
            whole = f"[{block.program}]({program_address(block.program)})"
            of = f"a piece of {whole}" if block.is_first else "continued"
            return f"`{block.path}`, {of}\n\n{text.replace(node.info.strip(), 'python', 1)}"
        return text.replace(RUN, "python", 1) if " ".join(node.info.split()) == RUN else text

    def math_block(self, node: RenderTreeNode, context: RenderContext) -> str:
        label = f" ({node.meta['label']})" if node.meta.get("label") else ""
        return f"$$\n{_without_blank_lines(node.content)}\n$${label}"

    def container_unknown(self, node: RenderTreeNode, context: RenderContext) -> str:
        return blocks(child.render(context) for child in node.children)

    def container_title(self, node: RenderTreeNode, context: RenderContext) -> str:
        return " ".join(node.children[0].render(context).split("\n"))

    def container_derivation(self, node: RenderTreeNode, context: RenderContext) -> str:
        title, inside = _parts(node, context)
        return blocks([f"**Derivation:** {title}{anchored(next(iter(node.meta['args']), ''))}", *inside])

    def container_example(self, node: RenderTreeNode, context: RenderContext) -> str:
        return self._box(node, context, "example")

    def container_note(self, node: RenderTreeNode, context: RenderContext) -> str:
        return self._box(node, context, "note")

    def container_pitfall(self, node: RenderTreeNode, context: RenderContext) -> str:
        return self._box(node, context, "pitfall")

    def container_claim(self, node: RenderTreeNode, context: RenderContext) -> str:
        verdict = VERDICTS.get(next(iter(node.meta["args"]), ""), "")
        return self._box(node, context, "claim", after=f"Verdict: {verdict.lower()}.")

    def _box(self, node: RenderTreeNode, context: RenderContext, kind: str, after: str = "") -> str:
        title, inside = _parts(node, context)
        return quoted(blocks([f"**{kind.capitalize()}:** {title}", after, *inside]))

    def container_table(self, node: RenderTreeNode, context: RenderContext) -> str:
        title, inside = _parts(node, context)
        return blocks([f"**Table:** {title}{anchored(next(iter(node.meta['args']), ''))}", *inside])

    def container_figure(self, node: RenderTreeNode, context: RenderContext) -> str:
        title, inside = _parts(node, context)
        file = next(iter(node.meta["args"]), "")
        anchor = anchored(f"figure-{file.rpartition('.')[0]}")
        return quoted(blocks([f"**Figure:** {title}{anchor}", self._picture(file), *inside]))

    def container_plot(self, node: RenderTreeNode, context: RenderContext) -> str:
        title, inside = _parts(node, context)
        anchor = next(iter(node.meta["args"]), "")
        plot = self.references.plots.get(anchor)
        table = _table([plot.head, ["---"] * len(plot.head), *plot.rows]) if isinstance(plot, Plot) else ""
        return quoted(blocks([f"**Figure:** {title}{anchored(anchor)}", table, *inside]))

    def _picture(self, file: str) -> str:
        given = self.references.material.figures.get(file, "")
        if not file.endswith(".svg"):
            return f"![{literal(file)}](<{given}>)" if given else ""
        try:
            title, text = svg_description(given)
        except SvgError:
            return ""
        return f"Picture: {literal(title)}. {literal(text)}"

    def container_explorer(self, node: RenderTreeNode, context: RenderContext) -> str:
        name = next(iter(node.meta["args"]), "")
        first, _, rest = self.explorers.get(name, "").strip().partition("\n")
        return quoted(f"{first}{anchored(f'explorer-{name}')}\n{rest}") if first else ""

    def container_check(self, node: RenderTreeNode, context: RenderContext) -> str:
        question = self.references.texts.questions.get(next(iter(node.meta["args"]), ""))
        if question is None:
            return ""
        return quoted(self._question(question, "Check yourself", f"check-{question.question.id}"))

    def container_questions(self, node: RenderTreeNode, context: RenderContext) -> str:
        return self.questions()

    def container_template(self, node: RenderTreeNode, context: RenderContext) -> str:
        title, inside = _parts(node, context)
        anchor = next(iter(node.meta["args"]), "")
        address = f"/documents/{self.references.lesson.id}/{anchor}"
        query = self.references.material.query
        files = f"Take it away: [Markdown]({address}.md{query}), [Word]({address}.docx{query})"
        return blocks([f"**Document:** {title}{anchored(anchor)}", files, *inside])

    def container_failures(self, node: RenderTreeNode, context: RenderContext) -> str:
        return blocks(map(self.failure, self.references.texts.failures.values()))

    def failure(self, texts: FailureTexts) -> str:
        failure = texts.failure
        address = f"/failures/{self.references.lesson.id}/{failure.id}/"
        head = f"**[{literal(failure.mode)}]({address})**{anchored(f'failure-{failure.id}')}"
        parts = [f"- **{name}:** {_indented(text)}" for name, text in self.failure_parts(texts)]
        return blocks([head, literal(", ".join(failure.systems)), "\n".join(parts)])

    def failure_parts(self, texts: FailureTexts) -> Iterator[tuple[str, str]]:
        """Yield what is said of a way to fail, each with its name."""
        for name, heading in FAILURE_PARTS.items():
            yield heading, self.document(texts.parts[name])
        yield "First lever", literal(texts.failure.lever)
        if texts.failure.cost and (printed := self.references.printed(texts.failure.cost)):
            yield "Cost", literal(printed)

    # Questions

    def questions(self) -> str:
        if self.is_asking:
            return ""
        return blocks(
            self._question(question, "Question", f"question-{name}")
            for name, question in self.references.texts.questions.items()
        )

    def _question(self, texts: QuestionTexts, kind: str, anchor: str) -> str:
        if self.is_asking:
            return ""
        self.is_asking = True
        question = texts.question
        stars = "★" * question.stars + "☆" * (3 - question.stars)
        ask, answer = self.document(texts.ask), self.answer(texts)
        self.is_asking = False
        return blocks([f"**{kind}** {stars}{anchored(anchor)}", ask, "**Answer**", answer])

    def answer(self, texts: QuestionTexts) -> str:
        """Return an answer with its number and what to look for in one."""
        question = texts.question
        printed = self.references.printed(question.number) if question.number else None
        number = f"In numbers: {literal(printed)}" if printed else ""
        rubric = "\n".join(f"- {_indented(self.document(item))}" for item in texts.rubric)
        return blocks([self.document(texts.answer), number, "What to look for:" if rubric else "", rubric])

    # Lines

    def number(self, node: RenderTreeNode, context: RenderContext) -> str:
        meta = node.meta
        return literal(self.references.printed(meta["name"], meta["unit"], meta["digits"]) or node.content)

    def citation(self, node: RenderTreeNode, context: RenderContext) -> str:
        return f"({'; '.join(self.cite(key, locator) for key, locator in node.meta['items'])})"

    def cite(self, key: str, locator: str) -> str:
        name = self.references.source_names.get(key)
        if name is None:
            return literal(f"@{key}")
        link = f"[{literal(name)}]({self.home}#source-{key})"
        return f"{link}, {literal(locator)}" if locator else link

    def malformed(self, node: RenderTreeNode, context: RenderContext) -> str:
        return literal(node.content)

    def math_inline(self, node: RenderTreeNode, context: RenderContext) -> str:
        return f"${node.content}$"

    def span(self, node: RenderTreeNode, context: RenderContext) -> str:
        return "".join(child.render(context) for child in node.children)

    def link(self, node: RenderTreeNode, context: RenderContext) -> str:
        content = "".join(child.render(context) for child in node.children)
        link = self.references.link(str(node.attrs.get("href", "")))
        if link is None or not link.raw:
            return content
        if node.info == "auto":
            return f"<{link.raw}>"
        place = f"{self.home}{link.raw}" if link.raw.startswith("#") else link.raw
        address = f"<{place}>" if re.search(r"[()\s]", place) else place
        title = literal(str(node.attrs.get("title", ""))).replace('"', r"\"")
        return f'[{content}]({address} "{title}")' if title else f"[{content}]({address})"


NODES = (
    "heading fence math_block container_unknown container_title container_derivation container_example"
    " container_note container_pitfall container_claim container_table container_figure container_explorer"
    " container_check container_plot container_questions container_failures container_template"
    " number citation malformed math_inline span link"
)


def _parts(node: RenderTreeNode, context: RenderContext) -> tuple[str, list[str]]:
    """Return a container's title and the blocks in it, as Markdown."""
    written = [child.render(context) for child in node.children]
    titled = bool(node.children) and node.children[0].type == "container_title"
    return (written[0], written[1:]) if titled else ("", written)


def _table(rows: Iterable[Iterable[str]]) -> str:
    return "\n".join(f"| {' | '.join(literal(cell).replace('|', chr(92) + '|') for cell in row)} |" for row in rows)


def _without_dollars(text: str, node: RenderTreeNode, context: RenderContext) -> str:
    """Escape dollars, so that money in the text is not taken for maths."""
    return text.replace("$", r"\$")


def _without_blank_lines(tex: str) -> str:
    return "\n".join(line for line in tex.strip().splitlines() if line.strip())


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")
