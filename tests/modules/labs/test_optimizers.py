"""The optimizers lab: the steps the lesson prints, the surfaces they run on, and what the page says of a run."""

from __future__ import annotations

import inspect
import math
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from modules import rendering
from modules.labs import LABS, optimizers
from modules.labs.descent import CLOSE, MOST, OPTIMIZERS, Outcome, descend
from modules.labs.optimizers import Memory, Settings
from modules.labs.playground import HEIGHT, WIDTH, run
from modules.labs.surfaces import SURFACES, contours

PLAIN = {
    "surface": "ravine",
    "optimizer": "Adam",
    "against": "nobody",
    "rate": "0.05",
    "beta1": "0.9",
    "beta2": "0.999",
    "decay": "0.0",
    "steps": "100.0",
}
PRINTED = [
    each
    for _, each in inspect.getmembers(optimizers, lambda each: inspect.isfunction(each) or inspect.isclass(each))
    if each.__module__ == optimizers.__name__
]

slopes = st.floats(1e-3, 1e3) | st.floats(-1e3, -1e-3)
weights = st.floats(-5, 5)


def fresh(weights=2):
    return Memory(0, [0.0] * weights, [0.0] * weights)


def html(**given):
    result = LABS["optimizers"](PLAIN | given)
    return render_to_string(result.template, {"result": result})


def drawing(**given):
    page = html(**given)
    return ET.fromstring(page[page.index("<svg") : page.index("</svg>") + len("</svg>")])


class TestSteps:
    @pytest.mark.parametrize("each", PRINTED, ids=lambda each: each.__name__)
    def test_the_lesson_prints_it_as_it_runs(self, each):
        lesson = (settings.FIXTURES_DIR / "modules" / "optimizers.md").read_text("utf-8")
        code = [block.code for block in rendering.parse(lesson.split("\n---\n", 1)[1]).runs]
        assert any(inspect.getsource(each) in block for block in code)

    @given(weights, slopes)
    def test_adams_first_step_is_one_rate_whatever_the_slope(self, x, slope):
        (moved,) = optimizers.adam([x], [slope], fresh(1), Settings(0.5, epsilon=0.0))
        assert moved == pytest.approx(x - math.copysign(0.5, slope), abs=1e-9)

    @given(st.lists(slopes, min_size=2, max_size=8), weights)
    def test_without_decay_adamw_and_l2_are_adam(self, gradients, x):
        paths = []
        for step in (optimizers.adam, optimizers.adam_l2, optimizers.adamw):
            w, memory = [x, x], fresh()
            for gradient in gradients:
                w = step(w, [gradient, -gradient], memory, Settings(0.1))
            paths.append(w)
        assert paths[0] == paths[1] == paths[2]

    @given(weights, slopes)
    def test_for_plain_descent_penalty_and_decay_are_one(self, x, slope):
        (moved,) = optimizers.sgd([x], [slope], fresh(1), Settings(0.1, decay=0.5))
        assert moved == pytest.approx((1 - 0.1 * 0.5) * x - 0.1 * slope)

    @given(slopes, slopes)
    def test_muon_moves_by_one_rate_in_all(self, across, along):
        moved = optimizers.muon([0.0, 0.0], [across, along], fresh(), Settings(0.3))
        assert math.hypot(*moved) == pytest.approx(0.3)

    def test_muon_stays_where_there_is_no_slope(self):
        assert optimizers.muon([1.0, 2.0], [0.0, 0.0], fresh(), Settings(0.3)) == [1.0, 2.0]

    @pytest.mark.parametrize(("factor", "settles"), [(0.98, True), (1.02, False)])
    def test_momentum_is_stable_up_to_its_limit(self, factor, settles):
        steep = factor * 2 * (1 + 0.9) / 0.1
        w, memory = [1.0], fresh(1)
        for _ in range(400):
            w = optimizers.momentum(w, [steep * w[0]], memory, Settings(0.1, 0.9))
        assert (abs(w[0]) < 1) == settles


@pytest.mark.parametrize("name", SURFACES)
class TestSurfaces:
    def test_the_slope_is_that_of_the_value(self, name):
        surface = SURFACES[name]
        for x, y in [surface.start, (0.3, -0.7), (-1.1, 0.4)]:
            numeric = [
                (surface.value(x + 1e-6, y) - surface.value(x - 1e-6, y)) / 2e-6,
                (surface.value(x, y + 1e-6) - surface.value(x, y - 1e-6)) / 2e-6,
            ]
            assert surface.slope(x, y) == pytest.approx(numeric, rel=1e-5, abs=1e-5)

    def test_every_minimum_is_flat_equally_low_and_in_the_window(self, name):
        surface = SURFACES[name]
        left, right, bottom, top = surface.window
        for x, y in surface.minima:
            assert surface.slope(x, y) == pytest.approx([0, 0])
            assert surface.value(x, y) == surface.lowest < surface.value(*surface.start)
            assert left < x < right
            assert bottom < y < top

    def test_the_curvature_is_the_largest_at_the_minimum(self, name):
        surface = SURFACES[name]
        x, y = surface.minima[0]
        (a, b), (_, d) = (
            [(up - down) / 2e-5 for up, down in zip(surface.slope(*p), surface.slope(*q), strict=True)]
            for p, q in [((x + 1e-5, y), (x - 1e-5, y)), ((x, y + 1e-5), (x, y - 1e-5))]
        )
        largest = (a + d) / 2 + math.hypot((a - d) / 2, b)
        assert surface.curvature == pytest.approx(largest, rel=1e-3)

    def test_its_window_has_the_shape_of_the_drawing(self, name):
        left, right, bottom, top = SURFACES[name].window
        assert (right - left) / (top - bottom) == pytest.approx(WIDTH / HEIGHT)

    def test_a_contour_line_keeps_its_height(self, name):
        surface = SURFACES[name]
        for level in contours(name)[:4]:
            heights = [surface.value(*point) - surface.lowest for line in level for point in line]
            assert max(heights) / min(heights) < 1.25  # straight between grid points, on curved ground

    def test_lines_are_joined(self, name):
        assert all(len(line) > 1 for level in contours(name) for line in level)
        assert sum(len(level) for level in contours(name)) < 40


class TestDescent:
    @pytest.mark.parametrize(
        ("surface", "optimizer", "rate", "outcome"),
        [
            ("ravine", "SGD", 0.05, Outcome.CONVERGED),
            ("ravine", "SGD", 0.07, Outcome.DIVERGED),
            ("ravine", "SGD", 0.001, Outcome.UNDER_WAY),
            ("ravine", "Sign", 0.3, Outcome.UNSETTLED),
            ("ravine", "Muon", 0.5, Outcome.UNSETTLED),
            ("tilted ravine", "Adam", 0.05, Outcome.UNDER_WAY),
            ("Rosenbrock", "SGD", 0.01, Outcome.DIVERGED),
            ("saddle", "SGD", 0.05, Outcome.WAITING),
            ("saddle", "Adam", 0.05, Outcome.CONVERGED),
            ("noisy bowl", "SGD", 0.05, Outcome.HOVERING),
            ("noisy bowl", "SGD", 0.005, Outcome.UNDER_WAY),
            ("noisy bowl", "Adam", 0.05, Outcome.UNDER_WAY),
        ],
    )
    def test_it_tells_how_a_run_went(self, surface, optimizer, rate, outcome):
        assert descend(SURFACES[surface], optimizer, Settings(rate), 100).outcome is outcome

    @pytest.mark.parametrize("optimizer", OPTIMIZERS)
    @pytest.mark.parametrize("surface", SURFACES)
    def test_a_run_that_has_only_begun_is_not_at_rest(self, surface, optimizer):
        assert descend(SURFACES[surface], optimizer, Settings(5e-4), 10).outcome is Outcome.UNDER_WAY

    def test_a_run_that_comes_back_has_not_diverged(self):
        path = descend(SURFACES["saddle"], "Adam with L2", Settings(2.0, beta2=0.0), 30)
        assert path.gaps[-1] > 10 * path.gaps[0]
        assert path.outcome is Outcome.UNDER_WAY

    def test_passing_the_saddle_is_not_waiting_there(self):
        path = descend(SURFACES["saddle"], "Momentum", Settings(0.2, 0.99), 10)
        assert math.dist(path.points[-1], (0, 0)) < 0.24
        assert path.outcome is Outcome.UNDER_WAY

    def test_a_penalty_makes_it_rest_off_the_minimum(self):
        path = descend(SURFACES["ravine"], "Adam with L2", Settings(0.1, decay=0.5), MOST)
        assert path.outcome is Outcome.RESTING
        assert path.points[-1] == pytest.approx((1 / 1.5, 15 / 30.5), abs=1e-3)  # where slope and penalty balance

    @pytest.mark.parametrize("optimizer", OPTIMIZERS)
    @pytest.mark.parametrize("surface", SURFACES)
    @pytest.mark.parametrize("rate", [5e-4, 0.05, 2.0])
    def test_its_work_is_bounded_and_its_points_are_finite(self, surface, optimizer, rate):
        path = descend(SURFACES[surface], optimizer, Settings(rate, decay=1.0), 10**9)
        assert path.steps <= MOST
        assert all(math.isfinite(value) for point in path.points for value in point)
        assert len(path.gaps) == len(path.points)

    def test_noise_is_the_same_each_time(self):
        paths = [descend(SURFACES["noisy bowl"], "Adam", Settings(0.1), 50) for _ in range(2)]
        assert paths[0] == paths[1]

    def test_half_the_rate_is_half_the_floor(self):
        calm = replace(SURFACES["noisy bowl"], start=SURFACES["noisy bowl"].minima[0])
        floors = [sum(descend(calm, "SGD", Settings(rate), MOST).gaps) for rate in (0.1, 0.05)]
        assert 1.5 < floors[0] / floors[1] < 2.5

    def test_it_has_arrived_from_the_step_on_after_which_little_is_left(self):
        path = descend(SURFACES["ravine"], "SGD", Settings(0.05), 100)
        assert all(gap <= CLOSE * path.gaps[0] for gap in path.gaps[path.arrived :])
        assert path.gaps[path.arrived - 1] > CLOSE * path.gaps[0]


class TestPage:
    def test_the_drawing_has_a_name_a_description_and_a_path_for_each_run(self):
        svg = drawing(against="SGD")
        title, desc = svg.findtext("title"), svg.findtext("desc")
        assert "ravine" in title
        assert "Adam goes from (-2.2, 1.6)" in desc
        assert "Lowest at (1, 0.5)" in desc
        assert [text.text for text in svg.findall("text")] == ["Adam", "SGD"]
        assert svg.get("role") == "img"

    def test_every_step_has_a_dot_when_they_are_few(self):
        assert len(drawing(steps="20.0").findall(".//circle")) == 20 + 3  # the start, the end and the legend
        assert len(drawing(steps="200.0").findall(".//circle")) == 3

    def test_two_runs_differ_in_shape_and_not_only_in_colour(self):
        marks = [
            {each.tag for each in drawing(against="SGD").iter() if each.get("class") == f"f-{hue}-solid"}
            for hue in "ab"
        ]
        assert marks == [{"circle"}, {"path"}]

    def test_a_run_that_leaves_is_cut_off_near_the_drawing(self):
        svg = drawing(optimizer="SGD", rate="2.0")
        path = next(each for each in svg.iter("path") if each.get("class") == "f-a-line")
        numbers = [float(each) for each in path.get("d").replace("M", "").replace("L", " ").split()]
        assert max(map(abs, numbers)) <= 2 * WIDTH

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({"optimizer": "SGD"}, "SGD converges: from step 53 on"),
            ({"optimizer": "SGD", "rate": "0.1"}, "SGD diverges: at step 13 the loss is"),
            ({"optimizer": "Sign", "rate": "0.3"}, "Sign does not settle"),
            ({"optimizer": "SGD", "surface": "saddle"}, "SGD waits at the saddle"),
            ({"surface": "noisy bowl", "steps": "300.0"}, "Adam hovers: the noise keeps"),
            ({"surface": "tilted ravine"}, "on its way: at step 100 the loss is 1.61 above the minimum, from 49.7"),
            ({"optimizer": "Adam with L2", "decay": "1.0", "steps": "300.0"}, "comes to rest off the minimum"),
        ],
    )
    def test_it_says_in_a_sentence_what_happened(self, given, sentence):
        assert sentence in html(**given)
        assert sentence in run(PLAIN | given).markdown()

    def test_an_optimiser_does_not_race_itself(self):
        assert len(run(PLAIN | {"against": "Adam"}).traces) == 1

    @pytest.mark.parametrize("name", ["surface", "optimizer", "against"])
    @pytest.mark.parametrize("text", ["", "banana", "<script>alert(1)</script>"])
    def test_a_name_that_is_none_gets_a_sentence(self, name, text):
        page = html(**{name: text})
        assert 'role="alert"' in page
        assert "<script" not in page
        assert run(PLAIN | {name: text}).markdown().startswith("There is no such")

    @pytest.mark.parametrize(
        "given",
        [{"beta1": "1.0"}, {"beta1": "1e9"}, {"beta2": "1.0"}, {"beta2": "-1.0"}, {"steps": "0.0"}, {"steps": "-5"}],
    )
    def test_what_cannot_be_run_gets_a_sentence(self, given):
        assert 'role="alert"' in html(**given)
        assert run(PLAIN | given).markdown().count("\n") == 1

    @pytest.mark.parametrize("optimizer", OPTIMIZERS)
    @pytest.mark.parametrize("given", [{"rate": "1e+300"}, {"decay": "1e+300"}, {"decay": "-3.0"}, {"steps": "1e+300"}])
    def test_a_what_if_beyond_the_bounds_has_a_page(self, optimizer, given):
        assert optimizer in html(optimizer=optimizer, surface="Rosenbrock", **given)

    def test_the_table_has_the_start_and_the_end_of_each_run(self):
        result = run(PLAIN | {"against": "SGD", "rate": "0.1"})  # SGD leaves early
        assert result.rows[0][:2] == ["0", "(-2.2, 1.6)"]
        assert result.rows[-1][0] == "100"
        assert result.rows[-1][3:] == ["–", "–"]
        for row in result.rows:
            assert f"| {' | '.join(row)} |" in result.markdown()

    @pytest.mark.parametrize("surface", SURFACES)
    def test_the_page_stays_small(self, surface):
        assert len(html(surface=surface, against="SGD", steps="300.0").encode()) < 80_000
