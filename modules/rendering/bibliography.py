"""How sources are named in the text and listed at its end, the same on the page and in raw Markdown."""

from collections.abc import Iterable, Mapping, Sequence

from modules.rendering.material import Source

OTHERS = "others"  # BibTeX's name for those an entry does not list


def short_name(source: Source) -> str:
    """Return "Pope et al. 2022"; a source without authors goes by its title."""
    families = [family or given for family, given in source.authors]
    if not families:
        who = source.title
    elif len(families) == 1:
        who = families[0]
    elif len(families) == 2 and families[1] != OTHERS:
        who = f"{families[0]} and {families[1]}"
    else:
        who = f"{families[0]} et al."
    return f"{who} {source.year}".strip()


def short_names(sources: Iterable[Source]) -> Mapping[str, str]:
    """Return a short name for each key; those that would be alike get a letter: 2022a, 2022b."""
    alike: dict[str, list[str]] = {}
    for source in sources:
        alike.setdefault(short_name(source), []).append(source.key)
    return {
        key: name if len(keys) == 1 else f"{name}{_letters(position)}"
        for name, keys in alike.items()
        for position, key in enumerate(sorted(keys))
    }


def _letters(position: int) -> str:
    return (_letters(position // 26 - 1) if position >= 26 else "") + chr(ord("a") + position % 26)


def people(authors: Sequence[tuple[str, str]]) -> str:
    """Return all authors: "Reiner Pope, Sholto Douglas and Jeff Dean"; past twelve, "and N others"."""
    names = [" ".join(filter(None, (given, family))) for family, given in authors]
    if len(names) > 12:
        names[10:] = [f"{len(names) - 10} others"]
    return " and ".join(filter(None, (", ".join(names[:-1]), "".join(names[-1:]))))


def details(source: Source) -> list[str]:
    """Return what follows a source's title, in sentences without their full stop."""
    eprint = f"arXiv:{source.eprint}" if source.eprint else ""
    checked = f"Checked {source.checked_on}" if source.checked_on else ""
    return [part.rstrip(".") for part in (eprint, source.note, checked) if part]
