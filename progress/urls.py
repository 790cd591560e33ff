from django.urls import path, re_path

from modules.urls import NUMBER
from progress import accounts, check_views, drill_views, token_views, views
from progress.bank import mock_views
from progress.bank import views as bank_views
from progress.exams import lever_views
from progress.exams import views as exam_views

app_name = "progress"
urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/export.json", views.export_json, name="export"),
    path("progress/corrections/seen/", views.seen, name="seen"),
    path("progress/<slug:module_id>/complete/", views.complete, name="complete"),
    path("progress/<slug:module_id>/reopen/", views.reopen, name="reopen"),
    path("progress/<slug:module_id>/place/", views.place, name="place"),
    path("progress/paths/<slug:path_id>/start/", views.start, name="start"),
    path("check/", check_views.check, name="check"),
    path("drill/", drill_views.start, name="drills"),
    path("drill/pick/", drill_views.pick, name="pick"),
    re_path(rf"^drill/{NUMBER}/$", drill_views.drill, name="drill"),
    path("bank/", bank_views.bank, name="bank"),
    path("bank.md", bank_views.markdown, name="bank-markdown"),
    path("bank/print/", bank_views.paper, name="bank-print"),
    path("bank/mock/", mock_views.mock, name="mock"),
    path("exams/", exam_views.index, name="exams"),
    path("exams/<slug:module_id>/", exam_views.exam, name="exam"),
    path("failures/drill/", lever_views.levers, name="levers"),
    path("accounts/tokens/", token_views.tokens, name="tokens"),
    path("accounts/tokens/<int:token_id>/revoke/", token_views.revoke, name="revoke-token"),
    path("accounts/delete/", accounts.delete, name="delete-account"),
]
