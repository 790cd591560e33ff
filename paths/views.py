from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from modules.http import NotebookRequest
from modules.shared import shared
from paths.models import LearningPath
from paths.standing import standing


@require_safe
@shared
def path(request: NotebookRequest, path_id: str) -> HttpResponse:
    path = get_object_or_404(LearningPath.objects.with_steps(), pk=path_id)
    return render(request, "paths/path.html", {"path": path, "standing": standing(path, request.study)})
