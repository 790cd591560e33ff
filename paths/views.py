from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from modules.http import NotebookRequest
from modules.models import Module
from modules.onefile import OneFile, kept
from modules.shared import shared
from paths.models import LearningPath
from paths.standing import standing


@require_safe
@shared
def path(request: NotebookRequest, path_id: str) -> HttpResponse:
    path = get_object_or_404(LearningPath.objects.with_steps(), pk=path_id)
    return render(request, "paths/path.html", {"path": path, "standing": standing(path, request.study)})


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
