from __future__ import annotations

from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from modules import corrections
from modules.models import Module, NumberChange
from paths.models import LearningPath
from paths.standing import standings, under_way
from progress import drills
from progress.bank import outcomes
from progress.csrf import same_origin
from progress.export import export
from progress.next_up import suggest
from progress.redirects import local_target
from progress.study import StudyRequest

# One reader's alone: no cache keeps it, and neither does the back button after signing out.
private = cache_control(private=True, no_store=True)


@require_POST
@same_origin
@private
def complete(request: StudyRequest, module_id: str) -> HttpResponse:
    module, back = _lesson(request, module_id)
    request.study.complete(module.pk, _version(request))
    return _controls(request, module, back)


@require_POST
@same_origin
@private
def reopen(request: StudyRequest, module_id: str) -> HttpResponse:
    module, back = _lesson(request, module_id)
    request.study.reopen(module.pk)
    return _controls(request, module, back)


@require_POST
@same_origin
@private
def place(request: StudyRequest, module_id: str) -> HttpResponse:
    """Remember where a reader with an account leaves a lesson; its page sends this while it closes."""
    module = get_object_or_404(Module.objects.written().only("toc"), pk=module_id)
    section = module.section(request.POST.get("anchor", ""))
    if section is None:
        return HttpResponseBadRequest("The lesson has no such section.")
    request.study.leave(module.pk, section.anchor)
    return HttpResponse(status=204)


@require_POST
@same_origin
@private
def start(request: StudyRequest, path_id: str) -> HttpResponse:
    path = get_object_or_404(LearningPath, pk=path_id)
    back = local_target(request, path.get_absolute_url())
    request.study.start(path.pk)
    return HttpResponseRedirect(back)


@require_POST
@same_origin
@private
def seen(request: StudyRequest) -> HttpResponse:
    """Remember that the reader has seen which numbers changed, as their dashboard listed them."""
    request.study.see(request.POST.getlist("lesson")[:1000], _version(request))
    return HttpResponseRedirect(f"{reverse('progress:dashboard')}#main")


def _version(request: StudyRequest) -> int:
    """Return the version of the numbers that the page showed which sent the form, or today's where it says none."""
    newest, said = NumberChange.objects.version(), request.POST.get("numbers", "")
    return min(int(said), newest) if said.isdecimal() and len(said) < 20 else newest


@require_safe
@private
def dashboard(request: StudyRequest) -> HttpResponse:
    study = request.study
    paths = standings(study)
    started = sorted((one for one in paths if one.started), key=lambda one: study.paths[one.path.pk], reverse=True)
    recent = study.recent
    version = NumberChange.objects.version()
    versions = {pk: seen for pk, seen in study.versions().items() if pk in study.completed}
    lessons = Module.objects.written().listed().in_bulk(recent)
    context = {
        "study": study,
        "numbers": version,
        "corrections": corrections.since(versions, version),
        "next": suggest(study, started),
        "started": started,
        "score": drills.score(study),
        "outcome": outcomes.of_reader(study, timezone.now()),
        "others": [one for one in paths if not one.started],
        "recent": [lessons[pk] for pk in recent if pk in lessons],
    }
    return render(request, "progress/dashboard.html", context)


@require_safe
@private
def export_json(request: StudyRequest) -> StreamingHttpResponse:
    user = request.user if request.user.is_authenticated else None
    pieces = export(request.study, user, timezone.now())
    headers = {"Content-Disposition": 'attachment; filename="notebook-progress.json"'}
    return StreamingHttpResponse(pieces, content_type="application/json; charset=utf-8", headers=headers)


def _lesson(request: StudyRequest, module_id: str) -> tuple[Module, str]:
    """Return the written lesson and where to go afterwards; reads the whole request before anything is written."""
    module = get_object_or_404(Module.objects.written().listed(), pk=module_id)
    return module, local_target(request, f"{module.get_absolute_url()}#controls")


def _controls(request: StudyRequest, module: Module, back: str) -> HttpResponse:
    if not request.htmx:
        return HttpResponseRedirect(back)
    here = under_way(request.study, module.pk)
    return render(request, "progress/_controls.html", {"module": module, "study": request.study, "here": here})
