"""Markdown as a file for word processors."""

from __future__ import annotations

from io import BytesIO

from docx import Document
from docx.document import Document as DocxDocument
from docx.text.paragraph import Paragraph
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode as Node


def docx(text: str) -> bytes:
    """Return Markdown as a file for word processors: headings, paragraphs, lists and tables."""
    document = Document()
    for node in Node(MarkdownIt("commonmark").enable("table").parse(text)).children:
        _block(document, node)
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def _block(document: DocxDocument, node: Node, style: str | None = None) -> None:
    match node.type:
        case "heading":
            level = int(node.tag[1:])
            _lines(document.add_heading(level=0 if level == 1 else level - 1), node.children[0])
        case "paragraph":
            _lines(document.add_paragraph(style=style), node.children[0])
        case "bullet_list" | "ordered_list":
            kind = "List Bullet" if node.type == "bullet_list" else "List Number"
            for item in node.children:
                for child in item.children:
                    _block(document, child, kind)
        case "table":
            _table(document, node)
        case "fence" | "code_block":
            document.add_paragraph(node.content, style="No Spacing")
        case "blockquote":
            for child in node.children:
                _block(document, child, "Quote")


def _table(document: DocxDocument, node: Node) -> None:
    rows = [row for part in node.children for row in part.children]
    table = document.add_table(len(rows), len(rows[0].children), style="Light Grid Accent 1")
    for row, cells in zip(rows, table.rows, strict=True):
        for content, cell in zip(row.children, cells.cells, strict=True):
            for inline in content.children:
                _lines(cell.paragraphs[0], inline)


def _lines(paragraph: Paragraph, node: Node, *, bold: bool = False, italic: bool = False) -> None:
    """Write running text; a link keeps its words, and its address behind them where they say something else."""
    for child in node.children:
        match child.type:
            case "strong":
                _lines(paragraph, child, bold=True, italic=italic)
            case "em":
                _lines(paragraph, child, bold=bold, italic=True)
            case "link":
                _lines(paragraph, child, bold=bold, italic=italic)
            case "softbreak" | "hardbreak":
                paragraph.add_run(" ")
            case _:
                run = paragraph.add_run(child.content)
                run.bold, run.italic = bold or None, italic or None
