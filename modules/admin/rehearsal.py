"""What an edited lesson would look like, and what is wrong with it, while its form is not saved yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from modules import content, publishing
from modules.content import Content
from modules.models import Module
from modules.publishing import Trouble

LIMIT_TROUBLES = 50
TEMPLATE = "admin/modules/module/_preview.html"


class Rehearsed(Exception):  # noqa: N818  no error: it ends the rehearsal and undoes it
    """Everything was saved as it would be; carries what the lesson then looks like."""

    def __init__(self, module: Module, now: Content) -> None:
        self.html, self.troubles = rendered(module, now)
        super().__init__()


def rendered(module: Module, now: Content) -> tuple[str, list[Trouble]]:
    """Render a lesson; the troubles are its own and those of every number of the notebook."""
    if not module.body.strip():
        return "", []
    page, troubles = publishing.render(module, now)
    return page.html, _ledger_troubles(now) + troubles + publishing.dead_ends({module.pk: page})


def _ledger_troubles(now: Content) -> list[Trouble]:
    """Return what is wrong with the numbers of the whole notebook."""
    return [Trouble(entry_id, message) for entry_id, found in now.graph.problems.items() for message in found]


def of_text(request: HttpRequest, module: Module, text: str) -> HttpResponse:
    """Show the saved lesson with another text: all that the editor's own script sends."""
    module.body = text.replace("\r\n", "\n")
    return shown(request, *rendered(module, content.current()))


def of_form(request: HttpRequest, module: Module, save: Callable[[], Any]) -> HttpResponse:
    """Show the lesson as the whole form would make it: `save` saves it, which is then undone."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                # Where somebody is really saving, a rehearsal stands back.
                cursor.execute("SET LOCAL lock_timeout = '500ms'")
            response = save()
            transaction.set_rollback(True)
    except Rehearsed as done:
        return shown(request, done.html, done.troubles)
    except (IntegrityError, OperationalError):  # it was saved between the checks of the form and this save of it
        return busy(request, 503)
    troubles = [Trouble(module.pk, message, where) for where, message in _complaints(response.context_data)]
    module.body = request.POST.get("body", "").replace("\r\n", "\n")
    html, more = rendered(module, content.current())
    return shown(request, html, troubles + more)


def shown(request: HttpRequest, html: str, troubles: list[Trouble]) -> HttpResponse:
    context = {"html": html, "troubles": troubles[:LIMIT_TROUBLES], "count": len(troubles)}
    return render(request, TEMPLATE, context)


def busy(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, "admin/modules/module/_busy.html", status=status)


def _complaints(context: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the fields of a form that was not saved: where, and the sentence."""
    forms = [("", context["adminform"].form)]
    for inline in context["inline_admin_formsets"]:
        yield from ((str(inline.opts.verbose_name_plural), error) for error in inline.formset.non_form_errors())
        forms += [(str(form.instance), form) for form in inline.formset.forms]
    for row, form in forms:
        for field, errors in form.errors.items():
            where = ", ".join(filter(None, [row, "" if field == "__all__" else field]))
            yield from ((where, str(error)) for error in errors)
