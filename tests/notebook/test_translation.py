"""What readers see of the interface goes through gettext; the text of lessons is content and does not."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.translation import trans_real

TEMPLATES = settings.BASE_DIR / "templates"
# Editors work in English; what machines read is content; the name of the notebook is one in every language.
OTHERS = ("admin/", "llms.txt", "robots.txt", "modules/planned.md", "modules/explorer.md", "paths/program/")
NAMES = r"Every <b>Number</b>|Every Number|CC BY 4\.0|llms\.txt|JSON|UTC|arXiv:|Esc|Enter|Ctrl|Markdown"
TRANSLATED = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}|{#.*?#}|{%.*?%}|{{.*?}}", re.S)
SPOKEN = re.compile(
    r'\b(?:aria-label|title|placeholder|alt|data-(?!opens|low|high|log|step|lesson|part)[a-z-]+)="([^"]*)"'
)
UNSEEN = re.compile(r"<(script|style|kbd|code)\b[^>]*>.*?</\1>|<[^>]*>", re.S)

FILES = [
    path.relative_to(TEMPLATES).as_posix()
    for path in sorted(TEMPLATES.rglob("*"))
    if path.suffix in (".html", ".txt", ".md")
]


def words(template):
    """Return what a template says that no translator would see."""
    text = re.sub(NAMES, " ", TRANSLATED.sub(" ", template))
    seen = UNSEEN.sub(" ", text) + " " + " ".join(SPOKEN.findall(text))
    return re.findall(r"[A-Za-z]{2,}", re.sub(r"&\w+;", " ", seen))


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith(OTHERS)])
def test_every_word_of_a_template_can_be_translated(name):
    assert words((TEMPLATES / name).read_text()) == []


def test_a_bare_word_is_found():
    assert words('{% translate "Yes" %}<p title="No">Maybe {{ x }}</p>') == ["Maybe", "No"]


class Shouting(trans_real.DjangoTranslation):
    """A language that is English in capitals."""

    def gettext(self, message):
        return message.upper() if "<" not in message and "%" not in message else message


@pytest.mark.django_db
def test_a_page_is_in_the_language_of_the_notebook(monkeypatch, settings):
    settings.LANGUAGE_CODE = "fr"
    monkeypatch.setattr(trans_real, "_translations", {"fr": Shouting("fr")})
    monkeypatch.setattr(trans_real, "_default", None)
    with translation.override("fr"):
        page = Client().get("/accounts/login/").content.decode()
    assert '<html lang="fr">' in page
    assert "<h1>SIGN IN</h1>" in page
    assert ">SKIP TO THE TEXT<" in page
