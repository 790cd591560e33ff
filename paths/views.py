from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from modules.http import NotebookRequest
from modules.linked_data import course
from modules.models import Module
from modules.onefile import OneFile, kept
from modules.shared import shared
from paths.models import LearningPath
from paths.programs import Program
from paths.standing import standing


@require_safe
@shared
def path(request: NotebookRequest, path_id: str) -> HttpResponse:
    path = get_object_or_404(LearningPath.objects.with_steps(), pk=path_id)
    return render(
        request,
        "paths/path.html",
        {
            "path": path,
            "standing": standing(path, request.study),
            "program": Program.of(path),
            "linked": course(path.title, path.summary, path.get_absolute_url(), _written(path)),
        },
    )


def _written(path: LearningPath) -> list[Module]:
    return [step.module for step in path.steps.all() if step.module.is_written]


@require_safe
@shared
def program(request: HttpRequest, path_id: str, program: str) -> HttpResponse:
    """The program that the lessons of the path build, as an archive."""
    whole = Program.of(get_object_or_404(LearningPath, pk=path_id, program=program))
    if whole is None:
        raise Http404("nothing of this program is written yet")
    return HttpResponse(whole.archive(), content_type="application/zip")


@require_safe
def program_page(request: HttpRequest, program: str) -> HttpResponse:
    """Lead to where a program is offered: lessons know its name and not the path that builds it."""
    return redirect(get_object_or_404(LearningPath, program=program).get_absolute_url() + "#program")


@require_safe
@kept
def offline(request: HttpRequest, path_id: str) -> HttpResponseBase:
    """The written lessons of the path, in its order, as one file to keep."""
    path = get_object_or_404(LearningPath.objects.with_steps(), pk=path_id)
    if not any(step.module.is_written for step in path.steps.all()):
        raise Http404("nothing of this path is written yet")
    return OneFile(
        name=f"every-number-{path.pk}",
        title=path.title,
        address=path.get_absolute_url(),
        lessons=Module.objects.written().filter(steps__path=path).order_by("steps__position"),
        opening=render_to_string("paths/onefile/opening.html", {"path": path}),
    ).response()
