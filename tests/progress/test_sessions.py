"""A signed-out reader's progress, in a session that several requests use at once."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest
from django.contrib.sessions.backends.base import UpdateError

from progress.facts import Fact, Kind, forget, remember
from progress.sessions import KEY, SessionStore
from progress.study import SessionStudy

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def adding(kind, subject):
    return partial(remember, fact=Fact.new(kind, subject, NOON))


def saved(*facts):
    session = SessionStore()
    session["other"] = "kept"
    for fact in facts:
        session.change(partial(remember, fact=fact))
    session.save()
    return session.session_key


def subjects(key, kind=Kind.COMPLETED):
    return {fact.subject for fact in SessionStore(key).facts if fact.kind is kind}


@pytest.mark.django_db
class TestStore:
    def test_a_page_opened_while_completing_does_not_undo_the_completion(self):
        key = saved()
        completing, opening = SessionStore(key), SessionStore(key)
        completing.load()
        opening.change(adding(Kind.OPENED, "b"))
        completing.change(adding(Kind.COMPLETED, "a"))
        completing.save()
        opening.save()
        assert subjects(key) == {"a"}
        assert subjects(key, Kind.OPENED) == {"b"}

    def test_reopening_in_one_tab_and_completing_in_another_both_count(self):
        key = saved(Fact.new(Kind.COMPLETED, "a", NOON))
        one, other = SessionStore(key), SessionStore(key)
        one.change(adding(Kind.REOPENED, "a"))
        other.change(adding(Kind.COMPLETED, "b"))
        one.save()
        other.save()
        assert subjects(key) == {"b"}

    def test_what_is_carried_over_is_forgotten_and_what_came_since_is_not(self):
        fact = Fact.new(Kind.COMPLETED, "a", NOON)
        key = saved(fact)
        carrying, completing = SessionStore(key), SessionStore(key)
        carrying.change(partial(forget, keys=frozenset({fact.key})))
        completing.change(adding(Kind.COMPLETED, "b"))
        completing.save()
        carrying.save()
        assert subjects(key) == {"b"}

    def test_the_rest_of_the_session_is_kept(self):
        key = saved(Fact.new(Kind.COMPLETED, "a", NOON))
        assert SessionStore(key)["other"] == "kept"

    def test_an_empty_study_leaves_no_trace(self):
        fact = Fact.new(Kind.COMPLETED, "a", NOON)
        key = saved(fact)
        session = SessionStore(key)
        session.change(partial(forget, keys=frozenset({fact.key})))
        session.save()
        assert KEY not in SessionStore(key)

    def test_progress_moves_along_when_the_session_gets_a_new_key(self):
        session = SessionStore(saved(Fact.new(Kind.COMPLETED, "a", NOON)))
        session.cycle_key()
        session.save()
        assert subjects(session.session_key) == {"a"}

    def test_a_session_that_has_gone_is_not_made_again(self):
        key = saved()
        session = SessionStore(key)
        session.change(adding(Kind.COMPLETED, "a"))
        SessionStore(key).delete()
        with pytest.raises(UpdateError):
            session.save()


@pytest.mark.django_db
class TestStudy:
    def test_a_reader_without_a_session_is_asked_of_nobody(self, django_assert_num_queries):
        session = SessionStore()
        study = SessionStudy(session, brought=False)
        with django_assert_num_queries(0):
            study.open("a")
            study.reopen("a")
            assert (study.completed, study.last_opened, study.paths, study.recent) == (frozenset(), None, {}, [])
        assert not session.accessed

    def test_a_stale_cookie_makes_no_session(self):
        session = SessionStore("x" * 32)
        study = SessionStudy(session, brought=True)
        study.open("a")
        assert not session.modified

    def test_completing_remembers_the_place_too(self):
        study = SessionStudy(SessionStore(), brought=False)
        study.complete("a")
        assert study.last_opened == "a"
        assert study.completed == {"a"}

    def test_reopening_undoes_completing(self):
        study = SessionStudy(SessionStore(), brought=False)
        study.complete("a")
        study.reopen("a")
        assert study.completed == frozenset()

    def test_paths_come_with_the_newest_last(self):
        study = SessionStudy(SessionStore(), brought=False)
        study.start("b")
        study.start("a")
        study.start("b")
        assert list(study.paths) == ["b", "a"]

    def test_opening_the_same_lesson_again_writes_nothing(self):
        session = SessionStore()
        study = SessionStudy(session, brought=False)
        study.complete("a")
        session.modified = False
        study.open("a")
        assert not session.modified
