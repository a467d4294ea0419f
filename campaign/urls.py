"""All addresses: the machine's, the staff's, and the public's."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from campaign import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path(f"{settings.ADMIN_PATH}account/", include("campaign.staff.urls")),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("", include("content.urls")),
]

handler400 = "content.views.errors.bad"
handler404 = "content.views.errors.not_found"
handler500 = "content.views.errors.failed"
