r"""TeX to MathML on the server, or a sentence that says what is refused and where.

math-core converts; around it stand three things of ours. Six commands it does not know are rewritten
where a known one means the same (`\substack`, `\smash`, `split`, `\mathop{..}\limits`, numbered
environments, `\widetilde`). Its inline styles become classes, because the Content-Security-Policy
refuses styles in attributes. And the author's TeX goes along as an annotation.
"""

import html
import re
from functools import lru_cache

from math_core import LatexError, LatexToMathML

MAX_TEX = 2_000  # characters; conversion takes microseconds, but what comes out is ten times as long
MAX_BRACES = 40  # formulas deeper than this are built to break a browser, not to be read
MAX_SPACE_EM = 10

REFUSED = {
    "color": "colours mean nothing in print and to a screen reader",
    "textcolor": "colours mean nothing in print and to a screen reader",
    "colorbox": "colours mean nothing in print and to a screen reader",
    "label": "a label stands behind the formula: $$...$$ (label)",
    "tag": "a label stands behind the formula: $$...$$ (label)",
    "ref": "link to the formula with [text](#eq-label)",
    "eqref": "link to the formula with [text](#eq-label)",
    "newcommand": "a formula defines no commands",
    "renewcommand": "a formula defines no commands",
    "providecommand": "a formula defines no commands",
    "def": "a formula defines no commands",
    "let": "a formula defines no commands",
}
REFUSED_COMMAND = re.compile(r"\\(" + "|".join(REFUSED) + r")(?![A-Za-z])")
LINE_BREAK = re.compile(r"\\\\")
ROWS = re.compile(r"\\begin\b|\\substack\b")
COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%")

ENVIRONMENTS = {
    **dict.fromkeys(("split", "align", "align*"), "aligned"),
    **dict.fromkeys(("gather", "gather*"), "gathered"),
}
ENVIRONMENT = re.compile(r"\\(begin|end)\{(split|align\*?|gather\*?|equation\*?)\}")
MATHOP = re.compile(r"\\mathop\{(?:\\(?:mathrm|operatorname|text)\{([A-Za-z]+)\}|([A-Za-z]+))\}\\limits(?![A-Za-z])")

WIDE_TILDE = re.compile(r"\\widetilde(?![A-Za-z])")
WIDE_TILDE_OVER_ONE = re.compile(r"\\widetilde(?:\{(\\?[A-Za-z]|\\[A-Za-z]+)\}|\s+([A-Za-z]))")

CLASSES = {
    "text-align:left": "m-left",
    "text-align:right": "m-right",
    "justify-items:start": "m-left",
    "justify-items:end": "m-right",
    "padding-left:0": "m-pl0",
    "padding-right:0": "m-pr0",
    "padding-left:1em": "m-pl1",
    "padding-top:0": "m-py0",
    "padding-bottom:0": "m-py0",
    "padding-top:0.1667em": "m-pt",
    "padding-right:0.1667em": "m-thin",
    "padding-left:0.2222em": "m-medium",
    "padding-right:0.2222em": "m-medium",
    "padding-left:0.2778em": "m-thick",
    "padding-right:0.2778em": "m-thick",
    "margin-left:-0.16666667em": "m-negative",
    "border-top:0.05em solid currentcolor": "m-bt",
    "border-right:0.05em solid currentcolor": "m-br",
    "border-left:0.05em solid currentcolor": "m-bl",
    "border-top:0.05em dashed currentcolor": "m-btd",
    "border-right:0.05em dashed currentcolor": "m-brd",
    "border-left:0.05em dashed currentcolor": "m-bld",
}
STYLE = re.compile(r' style="([^"]*)"')
SPACE = re.compile(r' (?:width|lspace|rspace|voffset)="(-?[0-9.]+)em"')
FOREIGN = re.compile(r"<(menclose|span|a|merror)\b| class=")
MATH = re.compile(r"<math([^>]*)>(.*)</math>", re.DOTALL)


class TexError(ValueError):
    """A formula that is not converted; the message names the command and where it stands."""


@lru_cache(maxsize=2048)
def mathml(tex: str, *, display: bool) -> str:
    """Return `tex` as a MathML element with the TeX as its annotation; raises TexError."""
    tex = tex.strip()
    if not tex:
        raise TexError("the formula is empty")
    if len(tex) > MAX_TEX:
        raise TexError(f"the formula has {len(tex):,} characters, more than the {MAX_TEX:,} allowed")
    if _depth(tex) > MAX_BRACES:
        raise TexError(f"braces are nested deeper than {MAX_BRACES} levels")
    if LINE_BREAK.search(tex) and not ROWS.search(tex):
        raise TexError(r"a line break, \\, does nothing outside rows: use \begin{aligned} ... \end{aligned}")
    if found := COMMENT.search(tex):
        raise TexError(rf"the % at character {found.end()} would drop the rest of the line: write \%")
    if WIDE_TILDE.search(WIDE_TILDE_OVER_ONE.sub("", tex)):
        raise TexError(r"\widetilde over more than one symbol is refused: browsers do not stretch the tilde")
    if found := REFUSED_COMMAND.search(tex):
        raise TexError(f"\\{found[1]} at character {found.start() + 1} is refused: {REFUSED[found[1]]}")
    attributes, content = _parts(_convert(rewrite(tex), display))
    annotation = f'<annotation encoding="application/x-tex">{html.escape(tex, quote=False)}</annotation>'
    return f"<math{attributes}><semantics><mrow>{content}</mrow>{annotation}</semantics></math>"


def rewrite(tex: str) -> str:
    """Replace commands the converter does not know by ones that mean the same."""
    tex = ENVIRONMENT.sub(_environment, tex)
    tex = WIDE_TILDE_OVER_ONE.sub(lambda found: rf"\tilde{{{found[1] or found[2]}}}", tex)
    tex = MATHOP.sub(lambda found: rf"\operatorname*{{{found[1] or found[2]}}}", tex)
    tex = _replace_argument(tex, r"\substack", r"\begin{subarray}{c}", r"\end{subarray}")
    return _replace_argument(tex, r"\smash", "{", "}")


def _environment(found: re.Match[str]) -> str:
    name = ENVIRONMENTS.get(found[2])
    return rf"\{found[1]}{{{name}}}" if name else ""


def _replace_argument(tex: str, command: str, before: str, after: str) -> str:
    """Put `before` and `after` around each braced argument of `command`, in place of the command."""
    pieces, position = [], 0
    while (start := tex.find(command + "{", position)) >= 0:
        opened = start + len(command)
        closed = _closing(tex, opened)
        if closed is None:
            break
        argument = _replace_argument(tex[opened + 1 : closed], command, before, after)
        pieces += [tex[position:start], before, argument, after]
        position = closed + 1
    return "".join([*pieces, tex[position:]])


def _closing(tex: str, opened: int) -> int | None:
    level = 0
    for found in re.compile(r"\\.|[{}]", re.DOTALL).finditer(tex, opened):
        level += {"{": 1, "}": -1}.get(found[0], 0)
        if level == 0 and found[0] == "}":
            return found.start()
    return None


def _depth(tex: str) -> int:
    level = deepest = 0
    for found in re.finditer(r"\\left(?![A-Za-z])|\\begin\b|\\right(?![A-Za-z])|\\end\b|\\.|[{}]", tex, re.DOTALL):
        level += {"{": 1, "}": -1, r"\left": 1, r"\right": -1, r"\begin": 1, r"\end": -1}.get(found[0], 0)
        deepest = max(deepest, level)
    return deepest


def _convert(tex: str, display: bool) -> str:
    converter = LatexToMathML(fancy_error=False, max_expansions=0)
    try:
        return converter.convert_with_local_state(tex, displaystyle=display)
    except LatexError as error:
        position, _, message = str(error).partition(": ")
        at = int(position) if position.isdigit() else 0
        near = " ".join(tex[at : at + 24].split())
        raise TexError(f"{message.rstrip('.')}, at character {at + 1}{f', near {near}' if near else ''}") from error


def _parts(converted: str) -> tuple[str, str]:
    """Return the attributes and the content of a math element, its styles turned into classes."""
    if foreign := FOREIGN.search(converted):
        raise TexError(f"the formula needs {foreign[0].strip('< ')}, which browsers do not draw as MathML")
    for space in SPACE.finditer(converted):
        if abs(float(space[1])) > MAX_SPACE_EM:
            raise TexError(f"a space of {space[1]} em is wider than the {MAX_SPACE_EM} em allowed")
    found = MATH.fullmatch(STYLE.sub(_classes, converted))
    if found is None:
        raise TexError("the formula does not become one element")
    return found[1], found[2]


def _classes(found: re.Match[str]) -> str:
    names: list[str] = []
    for declaration in filter(None, found[1].split(";")):
        name, _, value = declaration.partition(":")
        key = f"{name.strip()}:{value.strip()}"
        if key not in CLASSES:
            raise TexError(f"the formula asks for the style '{key}', which has no class")
        names.append(CLASSES[key])
    return f' class="{" ".join(dict.fromkeys(names))}"'
