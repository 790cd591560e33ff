"""Saying that something is wrong, and reading what came of it. Nobody needs an account for either."""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from modules import content
from modules.http import NotebookRequest
from modules.models import Report
from modules.reports import ReportForm, Slip, Subject

private = cache_control(private=True, no_store=True)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def report(request: NotebookRequest) -> HttpResponse:
    slip = Slip.read(request.POST.get("slip", ""))
    subject = Subject.of(slip.about if slip else request.GET.get("about", ""), content.current())
    if subject is None:
        raise Http404("There is nothing of that name to report on.")
    form = ReportForm(request.POST if request.method == "POST" else None, slip=slip)
    status = 200
    if slip and form.is_valid():
        known = Report.objects.filter(key=slip.key).first()  # the button pressed twice
        if known or ratelimit.consume(request, action="report", key="everyone"):
            return HttpResponseRedirect((known or _store(slip, subject, form)).get_absolute_url())
        form.add_error(None, _("Many reports came just now. Keep your text and send it in ten minutes."))
        status = 429
    context = {"form": form, "subject": subject, "slip": slip or Slip(subject.about)}
    return render(request, "modules/report.html", context, status=status)


def _store(slip: Slip, subject: Subject, form: ReportForm) -> Report:
    fields = {
        "about": subject.about,
        "title": subject.title,
        "address": subject.address,
        "text": form.cleaned_data["text"],
        "at": timezone.now(),
    }
    return Report.objects.get_or_create(key=slip.key, defaults=fields)[0]


@require_safe
@private
def reply(request: NotebookRequest, key: str) -> HttpResponse:
    """What came of a report, for whoever has its link."""
    row = get_object_or_404(Report.objects.select_related("revision"), key=key.replace("\0", ""))
    return render(request, "modules/reply.html", {"report": row})
