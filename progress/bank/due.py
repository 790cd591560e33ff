"""When a question is to be asked again: FSRS over every grade it was given, the oldest first.

Nothing of it is stored. The grades are the truth, so two devices or another scheduler cannot disagree about them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fsrs import Card, Rating, Scheduler

from progress.bank.results import Result, result_of, results
from progress.facts import Fact, Grade, Window
from progress.study import ReaderStudy

# Asked again when it is remembered with a chance of nine in ten, after whole days: a question that was missed
# comes back tomorrow and not in ten minutes. Without fuzz a question has one day whoever computes it.
SCHEDULER = Scheduler(desired_retention=0.9, learning_steps=(), relearning_steps=(), enable_fuzzing=False)
RATINGS = {Grade.MISSED: Rating.Again, Grade.PARTLY: Rating.Hard, Grade.FULL: Rating.Good}
SITTING = timedelta(hours=1)  # a number and the words of one answer, or a grade thought better of, are one recall


def due_at(facts: Iterable[Fact]) -> dict[str, datetime]:
    """Return when each graded question is due again, by its name, after all of its grades."""
    by_question: dict[str, list[Fact]] = {}
    for fact in sorted(facts, key=lambda fact: (fact.at, fact.key)):
        by_question.setdefault(fact.subject, []).append(fact)
    return {key: _due_at(grades) for key, grades in by_question.items()}


def so_far(study: ReaderStudy, window: Window, now: datetime) -> dict[str, Result]:
    """Return what came of each question a reader was asked in `window`, and whether it is due by `now`; one query."""
    facts = study.every_grade(window)
    due = due_at(facts)
    return {key: replace(result, due_at=due[key], is_due=due[key] <= now) for key, result in results(facts).items()}


def _due_at(grades: Iterable[Fact]) -> datetime:
    card = Card(card_id=0)  # its own would be the clock, and waits for it
    for sitting in _sittings(grades):
        rating = RATINGS[result_of(sitting).grade]
        card, _log = SCHEDULER.review_card(card, rating, sitting[-1].at.astimezone(UTC))
    return card.due


def _sittings(grades: Iterable[Fact]) -> list[list[Fact]]:
    """Return the grades that were given within an hour of the first of them together."""
    sittings: list[list[Fact]] = []
    for fact in grades:
        if sittings and fact.at - sittings[-1][0].at < SITTING:
            sittings[-1].append(fact)
        else:
            sittings.append([fact])
    return sittings
