"""The lab of the optimizers lesson: one or two optimisers on a surface, their paths drawn over its contours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from django.utils.translation import gettext as _

from modules.labs.descent import OPTIMIZERS, Outcome, Run, descend
from modules.labs.optimizers import Settings
from modules.labs.surfaces import SURFACES, Point, Surface, contours
from modules.rendering import Plot, Series, plot

WIDTH, HEIGHT = 480, 320  # of the drawing, in the units of figures; every surface's window is as three to two
LEGEND = 26  # height of its line for each run
DOTS = 60  # steps up to which each has a dot
ROWS = 12  # steps of the table, the start apart
NOBODY = "nobody"  # the option of racing against no other optimiser


@dataclass(frozen=True)
class Trace:
    """One run as the page shows it."""

    name: str
    hue: str
    run: Run
    surface: Surface

    @property
    def sentence(self) -> str:
        """What happened, in a sentence."""
        first, last, low, high = (f"{gap:.3g}" for gap in (self.run.gaps[0], self.run.gaps[-1], *self._swing))
        values = {
            "name": self.name,
            "steps": self.run.steps,
            "arrived": self.run.arrived,
            "first": first,
            "last": last,
            "low": low,
            "high": high,
        }
        return _sentences()[self.run.outcome] % values

    @property
    def _swing(self) -> Point:
        return min(self.run.tail), max(self.run.tail)

    @property
    def path(self) -> str:
        return _path(self.surface, self.run.points)

    @property
    def dots(self) -> list[Point]:
        """Where each step ended, if there are few enough to tell them apart."""
        return [_place(self.surface, point) for point in self.run.points[1:]] if self.run.steps <= DOTS else []

    @property
    def end(self) -> Point:
        return _place(self.surface, self.run.points[-1])


@dataclass(frozen=True)
class Playground:
    """What the lab shows: a surface, and the traces on it."""

    surface: str = ""
    traces: tuple[Trace, ...] = ()
    error: str = ""

    template = "modules/labs/optimizers.html"
    width, depth = WIDTH, HEIGHT

    @property
    def _ground(self) -> Surface:
        return SURFACES[self.surface]

    @property
    def top(self) -> int:
        """Height of the legend above the drawing."""
        return LEGEND * len(self.traces)

    @property
    def height(self) -> int:
        return self.top + HEIGHT

    @property
    def legend(self) -> list[tuple[int, Trace]]:
        """Each trace with the height at which its name stands."""
        return [(LEGEND * n + 18, trace) for n, trace in enumerate(self.traces)]

    @property
    def contours(self) -> list[str]:
        """Each level as one path; every other point is enough for the eye."""
        return [
            "".join(_path(self._ground, [*line[:-1:2], line[-1]]) for line in level) for level in contours(self.surface)
        ]

    @property
    def start(self) -> Point:
        return _place(self._ground, self._ground.start)

    @property
    def minima(self) -> list[Point]:
        return [_place(self._ground, point) for point in self._ground.minima]

    @property
    def curvature(self) -> str:
        return f"{self._ground.curvature:.4g}"

    @property
    def limit(self) -> str:
        """The rate at which plain descent stops being stable at the minimum."""
        return f"{2 / self._ground.curvature:.3g}"

    @cached_property
    def plot(self) -> Plot:
        """The gap by step; logarithmic, so a gap of exactly 0 is left out."""
        series = [Series(trace.name, list(enumerate(trace.run.gaps))) for trace in self.traces]
        return plot(
            series,
            title=_("Loss above the minimum, by step"),
            x_label=_("Step"),
            y_label=_("Loss above the minimum"),
            y_log=True,
            prefix="optimizers-loss",
        )

    @property
    def described(self) -> str:
        """The drawing in words, for who cannot see it."""
        said = [_("Contour lines of the surface %(surface)s.") % {"surface": self.surface}]
        said += [
            _("%(name)s goes from %(start)s to %(end)s in %(steps)s steps.")
            % {
                "name": trace.name,
                "start": _pair(trace.run.points[0]),
                "end": _pair(trace.run.points[-1]),
                "steps": trace.run.steps,
            }
            for trace in self.traces
        ]
        said.append(_("Lowest at %(places)s.") % {"places": ", ".join(map(_pair, self._ground.minima))})
        return " ".join(said)

    @property
    def head(self) -> list[str]:
        return [
            _("Step"),
            *(f"{trace.name}, {what}" for trace in self.traces for what in (_("weights"), _("loss above the minimum"))),
        ]

    @property
    def rows(self) -> list[list[str]]:
        """Some of the steps, evenly taken, the first and the last among them."""
        last = max(trace.run.steps for trace in self.traces)
        shown = sorted({*range(0, last + 1, max(1, ceil(last / ROWS))), last})  # the first step may leave at once
        return [[str(step), *(cell for trace in self.traces for cell in _cells(trace.run, step))] for step in shown]

    def markdown(self) -> str:
        if self.error:
            return f"{self.error}\n"
        lines = [
            f"Surface: {self.surface}. {_('Largest curvature at the minimum')}: {self.curvature}.",
            "",
            *(f"- {trace.sentence}" for trace in self.traces),
            "",
            f"| {' | '.join(self.head)} |",
            "|---" * len(self.head) + "|",
            *(f"| {' | '.join(row)} |" for row in self.rows),
        ]
        return "\n".join(lines) + "\n"


def _sentences() -> Mapping[Outcome, str]:
    """Return what is said of each outcome, in the reader's language."""
    return {
        Outcome.DIVERGED: _(
            "%(name)s diverges: at step %(steps)s the loss is %(last)s above the minimum, from %(first)s."
        ),
        Outcome.CONVERGED: _(
            "%(name)s converges: from step %(arrived)s on, less than a thousandth of the first loss is left."
        ),
        Outcome.WAITING: _(
            "%(name)s waits at the saddle: nearly no slope there, and the loss is still %(last)s above the minimum."
        ),
        Outcome.RESTING: _("%(name)s comes to rest off the minimum, at a loss of %(last)s above it."),
        Outcome.HOVERING: _(
            "%(name)s hovers: the noise keeps the loss between %(low)s and %(high)s above the minimum."
        ),
        Outcome.UNSETTLED: _(
            "%(name)s does not settle: in the last quarter the loss is between %(low)s and %(high)s above the minimum."
        ),
        Outcome.UNDER_WAY: _(
            "%(name)s is still on its way: at step %(steps)s the loss is %(last)s above the minimum, from %(first)s."
        ),
    }


def run(given: Mapping[str, str]) -> Playground:
    """Answer the lab's form. The names may be any text, and in a what-if the numbers are as wild as the ledger's."""
    surface, names = given["surface"], [given["optimizer"]]
    if given["against"] not in (NOBODY, *names):
        names.append(given["against"])
    settings = Settings(*(float(given[name]) for name in ("rate", "beta1", "beta2", "decay")))
    steps = round(float(given["steps"]))
    if error := _refusal(surface, names, settings, steps):
        return Playground(error=error)
    ground = SURFACES[surface]
    runs = [
        Trace(name, hue, descend(ground, name, settings, steps), ground) for name, hue in zip(names, "ab", strict=False)
    ]
    return Playground(surface, tuple(runs))


def _refusal(surface: str, names: Sequence[str], settings: Settings, steps: int) -> str:
    """Say what nothing can be run with, "" if it all can."""
    if surface not in SURFACES:
        return _("There is no such surface; there are %(names)s.") % {"names": _listed(SURFACES)}
    if not set(names) <= set(OPTIMIZERS):
        return _("There is no such optimiser; there are %(names)s.") % {"names": _listed(OPTIMIZERS)}
    if not (0 <= settings.beta1 < 1 and 0 <= settings.beta2 < 1):
        return _("A beta is a share that is kept: at least 0 and less than 1.")
    return "" if steps >= 1 else _("There has to be a step to see.")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _place(surface: Surface, point: Point) -> Point:
    """Return where a point of the surface stands in the drawing, to a tenth."""
    left, right, bottom, top = surface.window
    x, y = WIDTH * (point[0] - left) / (right - left), HEIGHT * (top - point[1]) / (top - bottom)
    return round(min(max(x, -WIDTH), 2 * WIDTH), 1), round(min(max(y, -HEIGHT), 2 * HEIGHT), 1)


def _path(surface: Surface, points: Sequence[Point]) -> str:
    return "M" + "L".join("{} {}".format(*_place(surface, point)) for point in points)


def _pair(point: Point) -> str:
    return f"({point[0]:.3g}, {point[1]:.3g})"


def _cells(run: Run, step: int) -> tuple[str, str]:
    if step > run.steps:
        return "–", "–"
    return _pair(run.points[step]), f"{run.gaps[step]:.3g}"
