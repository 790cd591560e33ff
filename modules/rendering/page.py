"""Tokens to HTML. The elements and classes are listed in docs/markup.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, count
from urllib.parse import quote

from markdown_it.tree import SyntaxTreeNode as Node

from modules.rendering.code import highlighted, is_highlighted
from modules.rendering.containers import VERDICTS
from modules.rendering.document import Document, FileBlock
from modules.rendering.lines import Lines
from modules.rendering.markup import digest, escape, unmarked
from modules.rendering.plot import Plot
from modules.rendering.references import References, program_address, slug
from modules.rendering.survey import OUTPUT, RUN
from modules.rendering.svg import moves
from modules.rendering.texts import FAILURE_PARTS, FailureTexts, QuestionTexts

BLOCKS = (
    "paragraph heading bullet_list ordered_list list_item blockquote hr code_block fence math_block"
    " table thead tbody tr th td container_title container_derivation container_example container_note"
    " container_pitfall container_claim container_table container_figure container_explorer container_check"
    " container_plot container_questions container_failures container_template"
)


# A checkbox, since that plays a figure without any script; figures.js takes the check away when it has played.
PLAY = '<input class="fig-play" type="checkbox" id="{id}"><label for="{id}">Play it step by step</label>'


class Page(Lines):
    """Writes one lesson's texts as HTML: one method for each kind of node.

    What it returns is not for a browser yet: `fragments.finish` sanitises it and puts in the formulas,
    drawings and explorers.
    """

    HANDLED = Lines.HANDLED | frozenset(BLOCKS.split())

    def __init__(self, references: References, explorers: Mapping[str, str]) -> None:
        super().__init__(references)
        self.explorers = explorers
        self.is_asking = False  # whether a question is being written; none stands in another
        self.highlighted = 0  # characters of code in colour so far
        self.made: set[str] = set()  # the ids that no author gave

    # Whole texts

    def body(self, document: Document) -> str:
        """Return the lesson's own text: what comes before the first section, then the sections."""
        children = Node(document.tokens).children
        self.notes = {
            note.meta["id"]: note for block in children if block.type == "footnote_block" for note in block.children
        }
        blocks = [child for child in children if child.type != "footnote_block"]
        starts = [i for i, block in enumerate(blocks) if block.type == "heading" and block.tag in ("h1", "h2")]
        lead = self.blocks(blocks[: starts[0] if starts else None])
        ends = [*starts[1:], len(blocks)]
        return lead + "".join(self.section(blocks[start:end]) for start, end in zip(starts, ends, strict=False))

    def section(self, blocks: Sequence[Node]) -> str:
        return f'<section class="section">\n{self.blocks(blocks)}</section>\n'

    def document(self, document: Document) -> str:
        """Return a short text: a hook, a question."""
        return self.blocks(Node(document.tokens).children)

    # Blocks

    def paragraph(self, node: Node) -> str:
        content = self.blocks(node.children)
        return content if node.hidden else f"<p>{content}</p>\n"

    def heading(self, node: Node) -> str:
        anchor = str(node.attrs.get("id", ""))
        self.place = (anchor, self.words(node.children[0]))
        name = "h2" if node.tag == "h1" else node.tag
        opening = f'<{name} id="{escape(anchor)}">' if anchor else f"<{name}>"
        return f"{opening}{self.blocks(node.children)}{self.self_link(anchor)}</{name}>\n"

    def self_link(self, anchor: str, what: str = "section") -> str:
        if not anchor:
            return ""
        return f'<a class="anchor" href="#{escape(anchor)}" aria-label="Link to this {what}"></a>'

    def report_link(self, anchor: str) -> str:
        """Return the way to say that something here is wrong: a form that knows what it is about."""
        about = quote(f"{self.references.lesson.id}#{anchor}")
        return f'<p class="report"><a href="/report/?about={about}" rel="nofollow">Report an error</a></p>\n'

    def own_id(self, name: str) -> str:
        """Return an id for what no author named; the second of two alike is told apart."""
        free = next(id_ for id_ in chain([name], (f"{name}-{n}" for n in count(2))) if id_ not in self.made)
        self.made.add(free)
        return free

    def bullet_list(self, node: Node) -> str:
        return f"<ul>\n{self.blocks(node.children)}</ul>\n"

    def ordered_list(self, node: Node) -> str:
        start = f' start="{node.attrs["start"]}"' if "start" in node.attrs else ""
        return f"<ol{start}>\n{self.blocks(node.children)}</ol>\n"

    def list_item(self, node: Node) -> str:
        return f"<li>{self.blocks(node.children)}</li>\n"

    def blockquote(self, node: Node) -> str:
        return f"<blockquote>\n{self.blocks(node.children)}</blockquote>\n"

    def hr(self, node: Node) -> str:
        return "<hr>\n"

    def code_block(self, node: Node) -> str:
        return self.code(node.content, "text")

    def fence(self, node: Node) -> str:
        info = " ".join(node.info.split())
        if info == RUN:
            after = node.next_sibling
            output = self.output(after.content) if after and _is_output(after) else ""
            return f'<div class="run">\n{self.code(node.content, "python")}{output}</div>\n'
        if info == OUTPUT:
            before = node.previous_sibling
            is_shown = before is not None and before.type == "fence" and before.info.split() == RUN.split()
            return "" if is_shown else self.output(node.content)
        if block := node.meta.get("file"):
            return self.program_file(block)
        return self.code(node.content, info or "text")

    def program_file(self, block: FileBlock) -> str:
        code = self.code(block.code, "python")
        if not block.is_first:
            return f'<div class="file">\n<p class="file-name"><code>{block.path}</code>, continued</p>\n{code}</div>\n'
        whole = f'<a href="{program_address(block.program)}">{block.program}</a>'
        name = f"<code>{block.path}</code>, a piece of {whole}{self.self_link(block.anchor, 'file')}"
        return f'<div class="file" id="{block.anchor}">\n<p class="file-name">{name}</p>\n{code}</div>\n'

    def code(self, code: str, language: str) -> str:
        code = unmarked(code)
        if is_highlighted(code, language, self.highlighted):
            self.highlighted += len(code)
            content = highlighted(code, language)
        else:
            content = escape(code)
        label = f"Code: {language}" if language != "text" else "Code"
        return (
            f'<pre class="code" tabindex="0" role="group" aria-label="{escape(label)}">'
            f'<code class="language-{escape(language)}">{content}</code></pre>\n'
        )

    def output(self, text: str) -> str:
        return f'<pre class="output" tabindex="0" role="group" aria-label="Output"><samp>{escape(text)}</samp></pre>\n'

    def math_block(self, node: Node) -> str:
        label = str(node.meta.get("label", ""))
        name = f"Equation {label}".strip()
        scroll = self.scroll(self.formula(node.content, display=True), name)
        anchor = f"eq-{label}" if label else self.own_id(f"eq-{digest(node.content)}")
        link = self.self_link(anchor, "formula")
        if label:
            link = f'<a class="equation-label" href="#{escape(anchor)}">({escape(label)})</a>'
        return f'<div class="equation" id="{escape(anchor)}">{scroll}{link}</div>\n'

    def scroll(self, content: str, name: str) -> str:
        """Put what may be wider than a phone where it scrolls by itself, also from the keyboard."""
        return f'<div class="scroll" tabindex="0" role="group" aria-label="{escape(name)}">{content}</div>\n'

    # Tables

    def table(self, node: Node) -> str:
        """Write a table that stands by itself; its id comes from its first row."""
        row = [cell.children[0] for cell in node.children[0].children[0].children]
        words = ", ".join(filter(None, map(self.words, row)))
        anchor = self.own_id(f"table-{slug(' '.join(cell.content for cell in row))[:40].strip('-') or 'bare'}")
        grid = self.grid(node, f"Table: {words}")
        return f'<div class="table" id="{escape(anchor)}">{self.self_link(anchor, "table")}{grid}</div>\n'

    def grid(self, node: Node, name: str) -> str:
        return self.scroll(f"<table>{self.blocks(node.children)}</table>", name)

    def thead(self, node: Node) -> str:
        return f"<thead>{self.blocks(node.children)}</thead>"

    def tbody(self, node: Node) -> str:
        return f"<tbody>{self.blocks(node.children)}</tbody>"

    def tr(self, node: Node) -> str:
        return f"<tr>{self.blocks(node.children)}</tr>"

    def th(self, node: Node) -> str:
        content = self.blocks(node.children)
        return f'<th scope="col"{_aligned(node)}>{content}</th>' if content else "<td></td>"

    def td(self, node: Node) -> str:
        return f"<td{_aligned(node)}>{self.blocks(node.children)}</td>"

    # Containers

    def container_title(self, node: Node) -> str:
        return self.blocks(node.children)

    def parts(self, node: Node) -> tuple[str, str, list[Node]]:
        """Return a container's title in HTML, in words, and the blocks in it."""
        children = list(node.children)
        if children and children[0].type == "container_title":
            title = children.pop(0)
            return self.node(title), self.words(title.children[0]), children
        return "", "", children

    def container_derivation(self, node: Node) -> str:
        anchor = str(next(iter(node.meta["args"]), ""))
        return self.block(node, "derivation", anchor=anchor, end=self.report_link(anchor))

    def container_example(self, node: Node) -> str:
        return self.block(node, "example")

    def container_note(self, node: Node) -> str:
        return self.block(node, "note")

    def container_pitfall(self, node: Node) -> str:
        return self.block(node, "pitfall")

    def container_claim(self, node: Node) -> str:
        verdict = str(next(iter(node.meta["args"]), ""))
        badge = f' <span class="verdict">{VERDICTS.get(verdict, "")}</span>'
        return self.block(node, "claim", classes=f" claim-{escape(verdict)}", after=badge)

    def block(
        self, node: Node, kind: str, *, anchor: str = "", classes: str = "", after: str = "", end: str = ""
    ) -> str:
        title, _, children = self.parts(node)
        id_ = f' id="{escape(anchor)}"' if anchor else ""
        head = f'<span class="block-kind">{kind.capitalize()}</span> {title}{after}{self.self_link(anchor, kind)}'
        return (
            f'<section class="block block-{kind}{classes}"{id_}>\n'
            f'<p class="block-title">{head}</p>\n{self.blocks(children)}{end}</section>\n'
        )

    def container_table(self, node: Node) -> str:
        title, words, children = self.parts(node)
        anchor = str(next(iter(node.meta["args"]), ""))
        caption = f'<span class="block-kind">Table</span> {title}{self.self_link(anchor, "table")}'
        inside = "".join(
            self.grid(child, f"Table: {words}") if child.type == "table" else self.node(child) for child in children
        )
        return (
            f'<figure class="table" id="{escape(anchor)}">\n'
            f'<figcaption class="caption">{caption}</figcaption>\n{inside}</figure>\n'
        )

    def container_figure(self, node: Node) -> str:
        title, words, children = self.parts(node)
        file = str(next(iter(node.meta["args"]), ""))
        anchor = f"figure-{file.rpartition('.')[0]}"
        caption = f'<span class="block-kind">Figure</span> {title}{self.self_link(anchor, "figure")}'
        return (
            f'<figure class="figure" id="{escape(anchor)}">\n{self.picture(file, words)}'
            f'<figcaption><p class="caption">{caption}</p>\n{self.blocks(children)}</figcaption></figure>\n'
        )

    def picture(self, file: str, words: str) -> str:
        if file.endswith(".svg"):
            drawing = self.references.drawing(file)
            if drawing and moves(drawing):
                drawing = PLAY.format(id=escape(f"figure-{file.rpartition('.')[0]}-play")) + drawing
            return f"{self.fragments.keep(drawing)}\n" if drawing else ""
        address = self.references.material.figures.get(file, "")
        return f'<img class="raster" src="{escape(address)}" alt="{escape(words)}" loading="lazy" decoding="async">\n'

    def container_plot(self, node: Node) -> str:
        title, words, children = self.parts(node)
        anchor = str(next(iter(node.meta["args"]), ""))
        caption = f'<span class="block-kind">Figure</span> {title}{self.self_link(anchor, "figure")}'
        return (
            f'<figure class="figure" id="{escape(anchor)}">\n{self.plot(anchor, words)}'
            f'<figcaption><p class="caption">{caption}</p>\n{self.blocks(children)}</figcaption></figure>\n'
        )

    def plot(self, anchor: str, words: str) -> str:
        """Return a plot and, folded, its values for who does not see it."""
        plot = self.references.plots.get(anchor)
        if not isinstance(plot, Plot):
            return ""
        head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in plot.head)
        rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in plot.rows)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        return (
            f'<div class="plot">{self.fragments.keep(plot.svg)}</div>\n'
            f'<details class="plot-data"><summary>The plot as a table</summary>{self.scroll(table, f"Table: {words}")}'
            "</details>\n"
        )

    def container_explorer(self, node: Node) -> str:
        name = str(next(iter(node.meta["args"]), ""))
        return f"{self.fragments.keep(self.explorers.get(name, ''))}\n"

    def container_check(self, node: Node) -> str:
        question = self.references.texts.questions.get(str(next(iter(node.meta["args"]), "")))
        if question is None:
            return ""
        anchor = f"check-{question.question.id}"
        stars = _stars(question.question.stars)
        head = f'<span class="block-kind">Check yourself</span> {stars}{self.self_link(anchor, "question")}'
        return (
            f'<section class="block block-check" id="{escape(anchor)}">\n'
            f'<p class="block-title">{head}</p>\n{self.question(question, anchor)}</section>\n'
        )

    def container_questions(self, node: Node) -> str:
        return self.questions()

    def container_template(self, node: Node) -> str:
        """Write a document that readers take away: its text, and where to get it as a file."""
        title, _, children = self.parts(node)
        anchor = str(next(iter(node.meta["args"]), ""))
        address = f"/documents/{self.references.lesson.id}/{anchor}"
        query = escape(self.references.material.query)
        files = ", ".join(
            f'<a href="{address}.{ending}{query}">{name}</a>' for ending, name in (("md", "Markdown"), ("docx", "Word"))
        )
        head = f'<span class="block-kind">Document</span> {title}{self.self_link(anchor, "document")}'
        return (
            f'<section class="block block-template" id="{escape(anchor)}">\n<p class="block-title">{head}</p>\n'
            f'<p class="template-files">Take it away: {files}</p>\n{self.blocks(children)}</section>\n'
        )

    def container_failures(self, node: Node) -> str:
        items = "".join(map(self.failure, self.references.texts.failures.values()))
        return f'<ol class="failures">\n{items}</ol>\n' if items else ""

    def failure(self, texts: FailureTexts) -> str:
        """Write one way to fail; its own page is a link."""
        failure = texts.failure
        anchor = f"failure-{failure.id}"
        outside, self.place = self.place, (anchor, failure.mode)
        address = f"/failures/{self.references.lesson.id}/{failure.id}/"
        head = (
            f'<p class="failure-mode"><a href="{address}">{escape(failure.mode)}</a>'
            f"{self.self_link(anchor, 'failure mode')}</p>\n"
            f'<p class="failure-systems">{escape(", ".join(failure.systems))}</p>\n'
        )
        parts = "".join(f"<dt>{name}</dt><dd>{text}</dd>\n" for name, text in self.failure_parts(texts))
        self.place = outside
        return f'<li class="failure" id="{escape(anchor)}">{head}<dl>\n{parts}</dl></li>\n'

    def failure_parts(self, texts: FailureTexts) -> Iterator[tuple[str, str]]:
        """Yield what is said of a way to fail, each with its name."""
        for name, heading in FAILURE_PARTS.items():
            yield heading, self.document(texts.parts[name])
        yield "First lever", f"<p>{escape(texts.failure.lever)}</p>"
        if number := self.references.number(texts.failure.cost):
            yield "Cost", f"<p>{self.print(number, texts.failure.cost, '', None)}</p>"

    # Questions

    def questions(self) -> str:
        if self.is_asking:
            return ""  # a question that asks for all questions
        return f'<ol class="questions">\n{"".join(map(self.item, self.references.texts.questions.values()))}</ol>\n'

    def item(self, texts: QuestionTexts) -> str:
        anchor = f"question-{texts.question.id}"
        outside, self.place = self.place, (anchor, self.place[1])
        head = f"{_stars(texts.question.stars)}{self.self_link(anchor, 'question')}"
        written = (
            f'<li class="question" id="{escape(anchor)}"><p class="question-head">{head}</p>\n'
            f"{self.question(texts, anchor)}</li>\n"
        )
        self.place = outside
        return written

    def question(self, texts: QuestionTexts, anchor: str) -> str:
        if self.is_asking:
            return ""
        self.is_asking = True
        answer = self.answer(texts)
        if texts.rubric:
            items = "".join(f"<li>{self.document(item)}</li>\n" for item in texts.rubric)
            answer += f'<p class="rubric-title">What to look for</p>\n<ul class="rubric">\n{items}</ul>\n'
        answer += self.report_link(anchor)
        ask = self.document(texts.ask)
        self.is_asking = False
        return f'<div class="ask">{ask}</div>\n<details class="answer"><summary>Answer</summary>\n{answer}</details>\n'

    def answer(self, texts: QuestionTexts) -> str:
        """Return an answer with its number, without what to look for in one."""
        answer = self.document(texts.answer)
        if number := self.references.number(texts.question.number):
            name = texts.question.number
            answer += f'<p class="answer-number">In numbers: {self.print(number, name, "", None)}</p>\n'
        return answer


def _is_output(node: Node) -> bool:
    return node.type == "fence" and node.info.strip() == OUTPUT


def _aligned(node: Node) -> str:
    side = str(node.attrs.get("style", "")).removeprefix("text-align:")
    return f' class="{side}"' if side in ("right", "center") else ""


def _stars(stars: int) -> str:
    shown = "★" * stars + "☆" * (3 - stars)
    return f'<span class="stars" role="img" aria-label="Difficulty {stars} of 3">{shown}</span>'
