"""What crawlers and reference managers read in the head of a page: schema.org as JSON-LD, and Highwire's tags."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from modules.files.bibliography import names
from modules.models import Module, Revision, Source, Term

CONTEXT = "https://schema.org"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
NOTEBOOK = "Every Number"


def address(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def lesson(module: Module) -> list[dict[str, Any]]:
    """Return a lesson as a learning resource, and where in the notebook it stands."""
    url = address(module.get_absolute_url())
    found = {
        "@context": CONTEXT,
        "@type": "LearningResource",
        "@id": url,
        "url": url,
        "name": module.title,
        "description": module.summary,
        "learningResourceType": "design review" if module.part_id == "design-reviews" else "lesson",
        "educationalLevel": "advanced",
        "timeRequired": f"PT{module.minutes}M",
        "inLanguage": settings.LANGUAGE_CODE,
        "isAccessibleForFree": True,
        "isPartOf": {"@type": "Collection", "name": NOTEBOOK, "url": address("/")},
        "teaches": [title for level, _anchor, title, _minutes in module.toc if level == 2][:12],
        "dateModified": module.updated_at.date().isoformat() if module.updated_at else None,
        "license": LICENCE,
        "encoding": {
            "@type": "MediaObject",
            "encodingFormat": "text/markdown",
            "contentUrl": address(reverse("modules:raw", args=[module.pk])),
        },
    }
    part = (module.part.title, f"/#part-{module.part_id}")
    return [_given(found), breadcrumbs([part, (module.title, module.get_absolute_url())])]


def course(title: str, summary: str, path: str, lessons: Iterable[Module]) -> list[dict[str, Any]]:
    """Return a guided path as a course of its written lessons."""
    parts = [
        {
            "@type": "LearningResource",
            "name": each.title,
            "url": address(each.get_absolute_url()),
            "timeRequired": f"PT{each.minutes}M",
        }
        for each in lessons
    ]
    found = {
        "@context": CONTEXT,
        "@type": "Course",
        "@id": address(path),
        "url": address(path),
        "name": title,
        "description": summary,
        "provider": {"@type": "Organization", "name": NOTEBOOK, "url": address("/")},
        "isAccessibleForFree": True,
        "license": LICENCE,
        "hasPart": parts,
    }
    return [found, breadcrumbs([("Paths", "/#paths"), (title, path)])]


def terms(rows: Iterable[Term]) -> list[dict[str, Any]]:
    """Return the glossary as a set of defined terms."""
    page = address(reverse("modules:glossary"))
    defined = [
        {"@type": "DefinedTerm", "@id": f"{page}#{row.anchor}", "name": row.name, "description": row.text}
        for row in rows
    ]
    return [{"@context": CONTEXT, "@type": "DefinedTermSet", "@id": page, "name": NOTEBOOK, "hasDefinedTerm": defined}]


def breadcrumbs(steps: Iterable[tuple[str, str]]) -> dict[str, Any]:
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": address(path)}
        for place, (name, path) in enumerate([(NOTEBOOK, "/"), *steps], start=1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}


def scholarly(module: Module) -> list[tuple[str, str]]:
    """Return Highwire's tags, by which Zotero and Google Scholar read a page and what it refers to."""
    first = Revision.objects.filter(module=module).order_by("pk").values_list("at", flat=True).first()
    day = (module.reviewed or timezone.localdate()).strftime("%Y/%m/%d")
    tags = [
        ("citation_title", module.title),
        ("citation_author", NOTEBOOK),
        ("citation_publication_date", first.strftime("%Y/%m/%d") if first else day),
        ("citation_online_date", module.updated_at.strftime("%Y/%m/%d") if module.updated_at else day),
        ("citation_journal_title", NOTEBOOK),
        ("citation_language", settings.LANGUAGE_CODE),
        ("citation_public_url", address(module.get_absolute_url())),
    ]
    sources = Source.objects.filter(pk__in=module.uses.get("sources", []))
    return [*tags, *(("citation_reference", _reference(source)) for source in sources)]


def _reference(source: Source) -> str:
    people = [f"citation_author={' '.join(filter(None, [given, family]))}" for family, given in names(source.author)]
    fields = [f"citation_title={source.title}", *people[:6], f"citation_publication_date={source.year}"]
    if source.venue:
        fields.append(f"citation_journal_title={source.venue}")
    if source.eprint:
        fields.append(f"citation_arxiv_id={source.eprint}")
    return "; ".join(field.replace(";", ",") for field in fields)


def _given(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if value not in (None, [], "")}
