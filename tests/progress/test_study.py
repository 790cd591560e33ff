"""On the account or in the browser, a study gives the same answers to the same clicks."""

from __future__ import annotations

import pytest

from progress.facts import RECENT
from progress.sessions import SessionStore
from progress.study import AccountStudy, SessionStudy
from tests.make import make_module, make_path, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["account", "browser"])
def study(request):
    return AccountStudy(make_reader()) if request.param == "account" else SessionStudy(SessionStore(), brought=False)


def test_a_lesson_is_completed_and_reopened(study):
    one, other = make_module(), make_module()
    study.complete(one.pk)
    study.complete(other.pk)
    study.reopen(one.pk)
    assert study.completed == {other.pk}


def test_paths_keep_the_order_in_which_they_were_first_started(study):
    for path in (make_path("b"), make_path("a")):
        study.start(path.pk)
    study.start("b")
    assert list(study.paths) == ["b", "a"]


def test_the_lesson_opened_last_is_the_place(study):
    path, one, other = make_path("a-path"), make_module(), make_module()
    study.start(path.pk)
    for module in (one, other, one):
        study.open(module.pk)
    assert study.last_opened == one.pk
    assert study.recent == [one.pk, other.pk]


def test_only_the_last_lessons_count_as_recent(study):
    study.start(make_path("a-path").pk)
    modules = [make_module() for _ in range(RECENT + 3)]
    for module in modules:
        study.open(module.pk)
    assert study.recent == [module.pk for module in reversed(modules)][:RECENT]


def test_an_account_answers_everything_in_one_query(django_assert_num_queries):
    user, modules = make_reader(), [make_module() for _ in range(3)]
    for module in modules:
        AccountStudy(user).complete(module.pk)
        AccountStudy(user).open(module.pk)
    AccountStudy(user).start(make_path("a-path", *modules).pk)
    study = AccountStudy(user)
    with django_assert_num_queries(1):
        assert len(study.completed) == 3
        assert study.last_opened == modules[-1].pk
        assert list(study.paths) == ["a-path"]


def test_opening_the_same_lesson_again_adds_no_event(django_assert_num_queries):
    user, module = make_reader(), make_module()
    AccountStudy(user).open(module.pk)
    with django_assert_num_queries(1):
        AccountStudy(user).open(module.pk)
    assert user.events.count() == 1


def test_opening_another_lesson_is_one_insert(django_assert_num_queries):
    user, module = make_reader(), make_module()
    with django_assert_num_queries(2):
        study = AccountStudy(user)
        study.open(module.pk)
        assert study.last_opened == module.pk
