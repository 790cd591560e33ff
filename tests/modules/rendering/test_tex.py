"""Formulas: converted, rewritten where a known command means the same, or refused with a place."""

import re
from contextlib import suppress
from pathlib import Path
from time import process_time

import pytest

from modules.rendering.tex import CLASSES, MAX_TEX, TexError, mathml, rewrite

MARKUP = (Path(__file__).parents[3] / "docs" / "markup.md").read_text()


def test_formula_carries_its_tex():
    assert mathml(r"a < \frac{b}{c}", display=False) == (
        "<math><semantics><mrow><mi>a</mi><mo>&lt;</mo><mfrac><mi>b</mi><mi>c</mi></mfrac></mrow>"
        r'<annotation encoding="application/x-tex">a &lt; \frac{b}{c}</annotation></semantics></math>'
    )
    assert mathml("a", display=True).startswith('<math display="block">')


@pytest.mark.parametrize(
    ("tex", "rewritten"),
    [
        (r"\sum_{\substack{i<n\\j<m}} x", r"\sum_{\begin{subarray}{c}i<n\\j<m\end{subarray}} x"),
        (
            r"\substack{a\\\substack{b\\c}}",
            r"\begin{subarray}{c}a\\\begin{subarray}{c}b\\c\end{subarray}\end{subarray}",
        ),
        (r"\sqrt{\smash{x_{a}}}", r"\sqrt{{x_{a}}}"),
        (r"\begin{split}a&=b\end{split}", r"\begin{aligned}a&=b\end{aligned}"),
        (r"\begin{align*}a&=b\end{align*}", r"\begin{aligned}a&=b\end{aligned}"),
        (r"\begin{gather}a\end{gather}", r"\begin{gathered}a\end{gathered}"),
        (r"\begin{equation}a\end{equation}", "a"),
        (r"\mathop{argmin}\limits_x", r"\operatorname*{argmin}_x"),
        (r"\mathop{\mathrm{argmin}}\limits_x", r"\operatorname*{argmin}_x"),
        (r"\widetilde{x} + \widetilde{\theta} + \widetilde y", r"\tilde{x} + \tilde{\theta} + \tilde{y}"),
        (r"\substack{unclosed", r"\substack{unclosed"),
        (r"\{\smash{\}}\}", r"\{{\}}\}"),
    ],
)
def test_unknown_command_is_rewritten_where_a_known_one_means_the_same(tex, rewritten):
    assert rewrite(tex) == rewritten


@pytest.mark.parametrize(
    "tex",
    [
        r"\widetilde{x} + \widehat{abc}",
        r"\operatorname{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V",
        r"\begin{cases}a & b\\c & d\end{cases}",
        r"\left[\begin{array}{c|c}a & b\\\hline c & d\end{array}\right]",
        r"\underbrace{a + b}_{n} \overset{!}{=} \mathbb{E}_{x \sim p}\left[\log p(x)\right]",
        r"\begin{bmatrix}a & \cdots\\\vdots & \ddots\end{bmatrix} \lVert x \rVert_2^2",
        r"x \mathrel{:=} y \! z \, w",
        r"20\% \text{ of } \$3",
    ],
)
def test_formulas_of_lessons_convert_without_styles(tex):
    converted = mathml(tex, display=True)
    assert " style=" not in converted
    assert set(re.findall(r"m-\w+", converted.partition("<annotation")[0])) <= set(CLASSES.values())


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        ("", "the formula is empty"),
        (r"a + \foo b", r'Unknown command "\foo", at character 5, near \foo b'),
        (r"é\foo", "at character 2, near"),
        (r"\frac{a", 'Expected closing token "}"'),
        (r"\colorbox{red}{x}", r"\colorbox at character 1 is refused: colours"),
        (r"x \textcolor{red}{y}", r"\textcolor at character 3 is refused"),
        (r"\newcommand{\x}{y}\x", "defines no commands"),
        (r"a \label{x}", "a label stands behind the formula"),
        (r"\eqref{x}", "link to the formula"),
        (r"\widetilde{abc}", "more than one symbol"),
        (r"\cancel{a}", "menclose"),
        (r"\hspace{99em}", "a space of 99 em"),
        (r"a \\ b", r"a line break, \\, does nothing"),
        ("a % b", "the % at character 3 would drop the rest"),
        ("x" * (MAX_TEX + 1), "2,001 characters"),
        ("{" * 41 + "}" * 41, "deeper than 40"),
        (r"\left(" * 41 + r"\right)" * 41, "deeper than 40"),
        (r"\begin{multline}a\end{multline}", "no class"),
        (r"\href{javascript:alert(1)}{x}", "Unknown command"),
    ],
)
def test_refusal_says_what_and_where(tex, message):
    with pytest.raises(TexError, match=re.escape(message)):
        mathml(tex, display=True)


@pytest.mark.parametrize(
    "tex", [r"\text{<script>alert(1)</script>}", r"\text{</math><img src=x>}", "a<b>c", r'\text{" onload="x}']
)
def test_markup_in_a_formula_stays_text(tex):
    assert set(re.findall(r"<([a-z]+)", mathml(tex, display=False))) <= {
        *("math", "semantics", "mrow", "mtext", "mi", "mo", "annotation")
    }


@pytest.mark.parametrize(
    "piece", ["x^{", r"\frac{", r"\left(", "a_", r"\sqrt{", "&", r"\begin{array}{c}", r"\\", "{}", r"\text{"]
)
def test_hostile_formula_takes_no_time(piece):
    start = process_time()
    with suppress(TexError):
        mathml((piece * MAX_TEX)[:MAX_TEX], display=True)
    assert process_time() - start < 0.1


def test_every_class_has_its_rule_in_the_docs():
    assert all(f"math .{name} {{" in MARKUP for name in CLASSES.values())
