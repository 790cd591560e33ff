"""The bibliography as reference managers read it: CSL-JSON, BibTeX and RIS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from modules.files import bibliography
from modules.models import Source

Kind = Source.Kind

# For each kind: its type in CSL, in RIS, and in which variable of CSL its venue stands.
TYPES = {
    Kind.ARTICLE: ("article-journal", "JOUR", "container-title"),
    Kind.INPROCEEDINGS: ("paper-conference", "CPAPER", "container-title"),
    Kind.BOOK: ("book", "BOOK", "publisher"),
    Kind.TECHREPORT: ("report", "RPRT", "publisher"),
    Kind.ONLINE: ("webpage", "ELEC", "container-title"),
    Kind.SOFTWARE: ("software", "COMP", "publisher"),
}


@dataclass(frozen=True)
class Format:
    media_type: str
    ending: str
    write: Callable[[Iterable[Source]], str]


def csl(source: Source) -> dict[str, Any]:
    """Return a source as CSL-JSON has it; where in it something stands belongs to the citation, not here."""
    kind, _ris, venue = TYPES[Kind(source.kind)]
    if kind == "article-journal" and source.eprint and not source.venue:
        kind = "article"  # CSL's word for a preprint
    day = source.opened_on
    fields = {
        "id": source.pk,
        "type": kind,
        "title": source.title,
        "author": [_person(family, given) for family, given in bibliography.names(source.author)],
        "issued": {"date-parts": [[source.year]]},
        venue: source.venue,
        "archive": "arXiv" if source.eprint else "",
        "archive_location": source.eprint,
        "URL": source.url,
        "accessed": {"date-parts": [[day.year, day.month, day.day]]} if day else "",
        "note": source.note,
    }
    return {name: value for name, value in fields.items() if value}


def _person(family: str, given: str) -> dict[str, str]:
    return {"family": family, "given": given} if given else {"literal": family}


def ris(source: Source) -> str:
    """Return a source as RIS has it: one tag a line, which end as the format wants them."""
    _csl, kind, venue = TYPES[Kind(source.kind)]
    people = [", ".join(filter(None, person)) for person in bibliography.names(source.author)]
    lines = [
        ("TY", kind),
        ("ID", source.pk),
        *(("AU", person) for person in people),
        ("TI", source.title),
        ("PY", str(source.year)),
        ("PB" if venue == "publisher" else "T2", source.venue),
        ("AN", f"arXiv:{source.eprint}" if source.eprint else ""),
        ("UR", source.url),
        ("Y2", source.opened_on.strftime("%Y/%m/%d") if source.opened_on else ""),
        ("N1", source.note),
    ]
    told = "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines if value)
    return f"{told}ER  - \r\n"


def _csl_file(sources: Iterable[Source]) -> str:
    return json.dumps([csl(source) for source in sources], ensure_ascii=False, indent=2) + "\n"


def _ris_file(sources: Iterable[Source]) -> str:
    return "\r\n".join(ris(source) for source in sources)


FORMATS: Mapping[str, Format] = {
    "csl": Format("application/vnd.citationstyles.csl+json", "json", _csl_file),
    "bibtex": Format("application/x-bibtex; charset=utf-8", "bib", bibliography.write),
    "ris": Format("application/x-research-info-systems; charset=utf-8", "ris", _ris_file),
}
