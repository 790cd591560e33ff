"""companies.yaml <-> companies and the lists of lessons they return to."""

from __future__ import annotations

from collections.abc import Iterable

from modules.models import Company, Focus, Module

from .base import FileKind, decode, validated
from .yamlfile import Fields, FileError, emit, parse


class Companies(FileKind):
    glob = "companies.yaml"

    def dumped(self) -> Iterable[str]:
        return [self.glob] if Company.objects.exists() else []

    def dump(self, path: str) -> bytes:
        rows = Company.objects.prefetch_related("focus")
        companies = [
            {
                "id": company.pk,
                "name": company.name,
                "themes": company.themes,
                "modules": [focus.module_id for focus in company.focus.all() if focus.position is not None],
            }
            for company in rows
        ]
        return emit({"companies": companies}).encode() if companies else b""

    def load(self, path: str, data: bytes) -> None:
        known = set(Module.objects.values_list("pk", flat=True))
        for position, company in enumerate(_companies(data), start=1):
            company.refuse_unknown(["id", "name", "themes", "modules"])
            row = Company(
                pk=company.text("id"), name=company.text("name"), position=position, themes=company.texts("themes")
            )
            validated(row, company.line).save()
            wanted = company.texts("modules")
            for name in wanted:
                if name not in known or wanted.count(name) > 1:
                    raise FileError(
                        f"{row.pk}: there is no lesson {name!r}, or it is listed twice", line=company.lines["modules"]
                    )
            _set_list(row, wanted)

    def prune(self, data: bytes) -> None:
        left_out = Company.objects.exclude(pk__in=[company.text("id") for company in _companies(data)])
        for focus in Focus.objects.filter(company__in=left_out, asked=True):
            raise FileError(f"the company {focus.company_id!r} is left out, but {focus.module_id} names it")
        left_out.delete()

    def module_id(self, path: str) -> str | None:
        return None


def _companies(data: bytes) -> list[Fields]:
    fields = parse(decode(data))
    fields.refuse_unknown(["companies"])
    return fields.rows("companies", "company")


def _set_list(company: Company, wanted: list[str]) -> None:
    company.focus.filter(asked=False).delete()
    company.focus.update(position=None)
    for position, module_id in enumerate(wanted, start=1):
        Focus.objects.update_or_create(company=company, module_id=module_id, defaults={"position": position})
