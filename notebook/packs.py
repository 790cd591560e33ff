"""Context packs: some lessons in one Markdown file, no larger than a model has room for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml
from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from modules.models import Module, Part
from modules.rendering.extracts import body, without_answers
from modules.rendering.raw import blocks, literal
from modules.rendering.rawfile import tokens
from paths.models import LearningPath

LEAST_TOKENS, MOST_TOKENS, TOKENS = 2_000, 2_000_000, 60_000
MOST_LESSONS = 84

PURPOSES: Mapping[str, tuple[str | Promise, str]] = {
    "explain": (
        gettext_lazy("Explain it to me"),
        "Explain what the reader asks from the lessons below and from nothing else. Where they do not say it, say so. "
        "Derive before you state; then ask whether a step was unclear.",
    ),
    "examine": (
        gettext_lazy("Examine me"),
        "Ask the reader one question of the lessons below at a time, the easier ones first. Wait for the answer. Say "
        "what of it holds and what is missing, in that order, and only then what the lesson says. The answers are left "
        "out here; they are at /bank.md?answers=only.",
    ),
    "review": (
        gettext_lazy("Review my design"),
        "The reader brings a design. Hold it against the lessons below as a sceptical reviewer: which number is "
        "missing, which is an average where a tail matters, which cost has no date, what happens on the worst day.",
    ),
}
# What is left out of every lesson, step by step, until the pack fits.
LEVELS: Sequence[tuple[str, ...]] = (
    (),
    (ENDS := ("sources", "terms")),
    (PRACTICE := (*ENDS, "interview", "questions", "try", "numbers")),
    (*PRACTICE, "production", "breaks", "claims", "tradeoffs", "failures"),
)
RULE = (
    "Quote every number with its id, such as `kv-cache:kv_per_token`: its formula, inputs and history stand at "
    "/numbers/kv-cache/kv_per_token.json. State no number about these subjects that neither stands below nor follows "
    "from one that does."
)


@dataclass(frozen=True)
class Pack:
    """What an address asks for: which lessons, how large at most, what for; and what was wrong with that."""

    lessons: Sequence[Module]
    limit: int = TOKENS
    purpose: str = "explain"
    title: str = ""
    query: str = ""
    troubles: Sequence[str] = ()

    @classmethod
    def read(cls, given: QueryDict) -> Pack:
        """Read an address: `lessons=a,b`, `part=` or `path=`, with `tokens=` and `purpose=`."""
        troubles = []
        ids = [pk.strip() for text in given.getlist("lessons") for pk in text.split(",") if pk.strip()][:MOST_LESSONS]
        order = Module.objects.written().select_related("part").only("title", "raw", "part__title", "updated_at")
        title = ""
        if part := given.get("part", ""):
            ids = list(Module.objects.written().filter(part=part).order_by("position").values_list("pk", flat=True))
            title = next(iter(Part.objects.filter(pk=part).values_list("title", flat=True)), "")
        elif path := given.get("path", ""):
            steps = LearningPath.objects.filter(pk=path, steps__module__is_written=True).order_by("steps__position")
            ids = list(steps.values_list("steps__module", flat=True))
            title = next(iter(LearningPath.objects.filter(pk=path).values_list("title", flat=True)), "")
        found = {row.pk: row for row in order.filter(pk__in=ids)}
        for unknown in [pk for pk in ids if pk not in found][:3]:
            troubles.append(_("There is no lesson “%(id)s”.") % {"id": unknown[:80]})
        limit = given.get("tokens", "").strip() or str(TOKENS)
        if not (limit.isascii() and limit.isdigit() and LEAST_TOKENS <= int(limit[:9]) <= MOST_TOKENS):
            troubles.append(
                _("A pack has %(least)s to %(most)s tokens.") % {"least": LEAST_TOKENS, "most": MOST_TOKENS}
            )
            limit = str(TOKENS)
        purpose = given.get("purpose", "") or "explain"
        if purpose not in PURPOSES:
            troubles.append(_("A pack is made to %(purposes)s.") % {"purposes": ", ".join(PURPOSES)})
            purpose = "explain"
        lessons = [found[pk] for pk in dict.fromkeys(ids) if pk in found]
        return cls(lessons, int(limit), purpose, title, given.urlencode(), troubles)

    @property
    def address(self) -> str:
        return f"{reverse('pack')}?{self.query}"

    @property
    def text(self) -> str:
        """The file. What does not fit is left out by level, the same of every lesson, and the file says what."""
        written = {lesson.pk: self._raw(lesson) for lesson in self.lessons}
        for level, left_out in enumerate(LEVELS):
            texts = {pk: body(raw, left_out) for pk, raw in written.items()}
            whole = self._file(list(texts.values()), self._said(level, [], left_out))
            if tokens(whole) <= self.limit:
                return whole
        kept: list[str] = []
        for pk, text in texts.items():
            if tokens(self._file([*map(texts.__getitem__, kept), text], "x" * 400)) > self.limit:
                break
            kept.append(pk)
        dropped = [lesson.title for lesson in self.lessons if lesson.pk not in kept]
        return self._file([texts[pk] for pk in kept], self._said(len(LEVELS) - 1, dropped, LEVELS[-1]))

    def _raw(self, lesson: Module) -> str:
        return without_answers(lesson.raw) if self.purpose == "examine" else lesson.raw

    def _said(self, level: int, dropped: Sequence[str], left_out: Sequence[str]) -> str:
        """Say what is not there, so that nobody takes it for never written."""
        said = []
        if level:
            said.append(f"To fit, these sections are left out of each lesson: {', '.join(left_out)}.")
        if dropped:
            more = f" and {len(dropped) - 5} more" if len(dropped) > 5 else ""
            said.append(f"Whole lessons that did not fit: {', '.join(map(literal, dropped[:5]))}{more}.")
        return " ".join(said)

    def _file(self, texts: Sequence[str], left_out: str) -> str:
        title = self.title or (self.lessons[0].title if len(self.lessons) == 1 else "A pack of lessons")
        preamble = blocks([f"# {literal(title)}", PURPOSES[self.purpose][1], RULE, left_out])
        after = "All lessons, for machines: [/llms.txt](/llms.txt)"
        whole = blocks([preamble, *texts, after]) + "\n"
        data = {
            "title": title,
            "url": f"{settings.SITE_URL}{self.address}",
            "purpose": self.purpose,
            "lessons": [lesson.pk for lesson in self.lessons],
            "licence": "CC BY 4.0",
            "tokens": tokens(whole),
        }
        front = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=10_000)
        return f"---\n{front}---\n\n{whole}"
