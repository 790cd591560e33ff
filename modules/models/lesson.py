"""Lessons and everything that is written inside one."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from modules.rendering import TocEntry
from modules.rendering.references import slug

# The text-search configuration made in migration 0001: English stems, accents folded.
SEARCH_CONFIG = "notebook"
FIGURE_LIMIT_BYTES = 1_000_000

# The columns of a lesson that only its own page, its raw text or an editor needs.
HEAVY = (
    *("hook", "body", "html", "raw", "toc", "anchors", "hook_html"),
    *("uses", "citations", "tally", "rendered_from"),
)

# The columns of a question that only the bank needs.
RENDERED = ("ask_html", "answer_html", "rubric_html", "ask_raw", "answer_raw", "text", "vector")

lesson_id = RegexValidator(
    r"\A[a-z][a-z0-9]*(-[a-z0-9]+)*\Z",
    "An id is lower-case words and digits joined by hyphens.",
)


def heavy(prefix: str = "") -> list[str]:
    """Return the columns to defer where lessons are only listed, for a relation that leads to them."""
    return [prefix + column for column in HEAVY]


class Part(models.Model):
    """A group of lessons, in the order of the catalogue."""

    id = models.SlugField(primary_key=True, validators=[lesson_id])
    title = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title


class ModuleQuerySet(models.QuerySet["Module"]):
    def written(self) -> ModuleQuerySet:
        return self.exclude(body="")

    def planned(self) -> ModuleQuerySet:
        return self.filter(body="")

    def listed(self) -> ModuleQuerySet:
        """In notebook order, with what a list of lessons shows and none of the heavy text."""
        return self.select_related("part").defer(*HEAVY).order_by("part__position", "position")

    def with_neighbours(self) -> ModuleQuerySet:
        """Annotate a lesson, in its own query, with what its page links to.

        `before` and `after` are the written lessons next to it in notebook order, `required` what to read
        first; each is a mapping of id, title and is_written, or None.
        """
        order = ("part__position", "position")
        here = {"part__position": OuterRef("part__position"), "position": OuterRef("position")}
        earlier = Q(part__position__lt=here["part__position"]) | Q(
            part__position=here["part__position"], position__lt=here["position"]
        )
        later = Q(part__position__gt=here["part__position"]) | Q(
            part__position=here["part__position"], position__gt=here["position"]
        )
        brief = JSONObject(id="pk", title="title", is_written="is_written")
        written = Module.objects.written()
        return self.annotate(
            before=Subquery(written.filter(earlier).order_by(*(f"-{field}" for field in order)).values(json=brief)[:1]),
            after=Subquery(written.filter(later).order_by(*order).values(json=brief)[:1]),
            required=ArraySubquery(
                Module.objects.filter(required_by=OuterRef("pk")).order_by(*order).values(json=brief)
            ),
        )


class Module(models.Model):
    """One lesson: planned while its body is empty, written from then on."""

    id = models.SlugField(primary_key=True, validators=[lesson_id])
    part = models.ForeignKey(Part, models.PROTECT, related_name="modules")
    position = models.PositiveSmallIntegerField(help_text="Place within its part.")
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=90, help_text="One line, at most 90 characters.")
    hook = models.TextField(blank=True)
    requires = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="required_by", help_text="Advice on what to read first."
    )
    minutes = models.PositiveSmallIntegerField(default=30, validators=[MinValueValidator(1)])
    reviewed = models.DateField(null=True, blank=True, help_text="When the facts were last checked.")
    body = models.TextField(blank=True)
    is_written = models.GeneratedField(
        expression=models.Case(models.When(body="", then=False), default=True),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    # Made by publishing.refresh() from all of the above, the ledger and the bibliography.
    html = models.TextField(blank=True, editable=False)
    raw = models.TextField(blank=True, editable=False)
    raw_bytes = models.GeneratedField(
        expression=models.Func("raw", function="octet_length"), output_field=models.IntegerField(), db_persist=True
    )
    toc = models.JSONField(default=list, editable=False)
    anchors = models.JSONField(default=list, editable=False)
    hook_html = models.TextField(blank=True, editable=False)
    uses = models.JSONField(default=dict, editable=False)
    citations = models.JSONField(default=list, editable=False)
    tally = models.JSONField(default=dict, editable=False)  # what the trust page counts
    rendered_from = models.CharField(max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(null=True, editable=False)

    objects = ModuleQuerySet.as_manager()

    class Meta:
        verbose_name = "lesson"
        ordering = ["part__position", "position"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("modules:module", args=[self.pk])

    def section(self, anchor: str) -> TocEntry | None:
        """Return the section that begins at `anchor`, as the contents list it."""
        return next((TocEntry(*entry) for entry in self.toc if entry[1] == anchor), None)

    @property
    def path(self) -> str:
        """The fixture file this lesson is loaded from and dumped to."""
        return f"modules/{self.pk}.md"


class Explorer(models.Model):
    """A what-if over the ledger, or a lab that runs on the reader's texts and numbers."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="explorers")
    name = models.SlugField()
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=120)
    ask = models.TextField(blank=True, help_text="The question it answers, in one sentence.")
    lab = models.SlugField(blank=True, help_text="A piece of the application instead of ledger outputs.")
    inputs = models.JSONField(default=list, help_text="A list of {name, min, max, scale, step}.")
    outputs = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    plot = models.CharField(max_length=300, blank=True, help_text="y over x [by z at v1, v2]")
    live = models.CharField(
        max_length=200,
        blank=True,
        help_text="The sentence of the home page, one in the notebook: [an input] ... [an output] ...",
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["module", "name"], name="modules_explorer_once"),
            models.CheckConstraint(
                condition=models.Q(lab="") ^ models.Q(outputs=[]), name="modules_explorer_lab_or_outputs"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Say in a sentence how inputs and outputs must look; what they mean is for the ledger to check."""
        if bool(self.lab) == bool(self.outputs):
            raise ValidationError({"outputs": "An explorer has either outputs or a lab."})
        inputs = self.inputs if isinstance(self.inputs, list) else [self.inputs]
        for item in inputs:
            if complaint := self._complaint(item):
                raise ValidationError({"inputs": complaint})
        names = [item["name"] for item in inputs]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValidationError({"inputs": f"The input {twice!r} is given twice."})

    def _complaint(self, item: object) -> str:
        if not isinstance(item, dict) or not item.get("name") or not all(isinstance(v, str) for v in item.values()):
            return "An input is a name with its fields, all of them text."
        is_text = self.lab and not (item.get("min") or item.get("max"))
        known = ("label", "default", "options") if is_text else ("label", "min", "max", "scale", "step")
        if unknown := [field for field in item if field not in ("name", *known)]:
            return f"The input {item['name']!r} has no field {unknown[0]!r}; there are {', '.join(known)}."
        options = [option.strip() for option in item.get("options", "").split("|")]
        if item.get("options") and item.get("default", options[0]) not in options:
            return f"The default of {item['name']!r} is none of its options."
        if not is_text and not (item.get("min") and item.get("max")):
            return f"The input {item['name']!r} needs min and max."
        if item.get("scale", "linear") not in ("linear", "log"):
            return f"The scale of {item['name']!r} is linear or log."
        return ""


class QuestionQuerySet(models.QuerySet["Question"]):
    def as_written(self) -> QuestionQuerySet:
        """As authors wrote them, without what is rendered."""
        return self.defer(*RENDERED)

    def unrendered(self) -> QuestionQuerySet:
        """Those that were loaded anew, so that their lesson has to be rendered even if it is the same."""
        return self.filter(ask_html="")

    def in_bank(self) -> QuestionQuerySet:
        """Those of written lessons, in notebook order."""
        order = ("module__part__position", "module__position", "position", "pk")
        return self.filter(module__is_written=True).exclude(ask_html="").order_by(*order)


class Question(models.Model):
    """An interview question with its answer."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="questions")
    name = models.SlugField()
    position = models.PositiveSmallIntegerField(default=0)
    stars = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1), MaxValueValidator(3)])
    ask = models.TextField()
    answer = models.TextField()
    rubric = ArrayField(models.TextField(), default=list, blank=True)
    number = models.CharField(max_length=120, blank=True, help_text="The ledger number that is the answer, if one is.")

    # Made with the lesson's page: the question as it stands apart from its lesson (rendering.Asked).
    ask_html = models.TextField(blank=True, editable=False)
    answer_html = models.TextField(blank=True, editable=False)
    rubric_html = ArrayField(models.TextField(), default=list, editable=False)
    ask_raw = models.TextField(blank=True, editable=False)
    answer_raw = models.TextField(blank=True, editable=False)
    text = models.TextField(blank=True, editable=False)
    vector = models.GeneratedField(
        expression=SearchVector("text", config=SEARCH_CONFIG), output_field=SearchVectorField(), db_persist=True
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["module", "name"], name="modules_question_once"),
            models.CheckConstraint(condition=models.Q(stars__range=(1, 3)), name="modules_question_stars"),
        ]

    def __str__(self) -> str:
        return f"{self.module_id}: {self.name}"

    def get_absolute_url(self) -> str:
        return f"{reverse('modules:module', args=[self.module_id])}#question-{self.name}"

    @property
    def key(self) -> str:
        """Its name in the whole notebook, as numbers have theirs: `kv-cache:size-70b`."""
        return f"{self.module_id}:{self.name}"

    @property
    def number_id(self) -> str:
        """The full id of the number that is its answer; "" where none is."""
        return self.number if not self.number or set(self.number) & set(":.") else f"{self.module_id}:{self.number}"


class Term(models.Model):
    """A word of the glossary, defined once in the whole notebook."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="terms")
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            # Checked at commit, so that a term can move from one lesson to another in one load.
            models.UniqueConstraint(fields=["name"], name="modules_term_once", deferrable=models.Deferrable.DEFERRED)
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def anchor(self) -> str:
        """The id of the place that explains it, in its lesson and in the glossary alike."""
        return f"term-{slug(self.name)}"


class Figure(models.Model):
    """A picture of a lesson, kept whole so that no upload can be lost between database and files."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="figures")
    name = models.CharField(
        max_length=80,
        validators=[RegexValidator(r"\A[a-z0-9][a-z0-9-]*\.(svg|png|webp)\Z", "Name it like paging.svg.")],
    )
    data = models.BinaryField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["module", "name"], name="modules_figure_once")]

    def __str__(self) -> str:
        return f"{self.module_id}/{self.name}"

    def get_absolute_url(self) -> str:
        return reverse("modules:figure", args=[self.module_id, self.name])

    @property
    def path(self) -> str:
        """The fixture file this picture is loaded from and dumped to."""
        return f"figures/{self}"


class Passage(models.Model):
    """A short stretch of a lesson, what search looks through and takes its excerpts from."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="passages")
    position = models.PositiveSmallIntegerField()
    anchor = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=120)
    heading = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    vector = models.GeneratedField(
        expression=SearchVector("title", weight="A", config=SEARCH_CONFIG)
        + SearchVector("heading", weight="B", config=SEARCH_CONFIG)
        + SearchVector("text", weight="D", config=SEARCH_CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["module", "position"]
        constraints = [models.UniqueConstraint(fields=["module", "position"], name="modules_passage_once")]
        indexes = [GinIndex(fields=["vector"], name="modules_passage_vector")]

    def __str__(self) -> str:
        return f"{self.module_id}#{self.anchor}"
