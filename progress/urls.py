from django.urls import path

from progress import accounts, views

app_name = "progress"
urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/export.json", views.export_json, name="export"),
    path("progress/corrections/seen/", views.seen, name="seen"),
    path("progress/<slug:module_id>/complete/", views.complete, name="complete"),
    path("progress/<slug:module_id>/reopen/", views.reopen, name="reopen"),
    path("progress/<slug:module_id>/place/", views.place, name="place"),
    path("progress/paths/<slug:path_id>/start/", views.start, name="start"),
    path("accounts/delete/", accounts.delete, name="delete-account"),
]
