"""Addresses of the site: technical ones without a language, everything people read below /it/ and
/en/."""

from pathlib import Path

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

PICTURE_FOLDERS = ["images", "original_images"]

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    # Pictures only: documents go out through their view, which asks who may have them.
    *[
        route
        for folder in PICTURE_FOLDERS
        for route in static(
            f"{settings.MEDIA_URL}{folder}/", document_root=Path(settings.MEDIA_ROOT) / folder
        )
    ],
    path("", include("budgeting.urls_unlocalised")),
    path("", include("home.urls_unlocalised")),
    path("", include("residents.urls_unlocalised")),
]

handler400 = "home.views.bad_request"
handler403 = "home.views.permission_denied"
handler404 = "home.views.page_not_found"
handler500 = "home.views.server_error"

urlpatterns += i18n_patterns(
    path("", include("residents.urls")),
    path("", include("commons.urls")),
    path("", include("budgeting.urls")),
    path("", include("home.urls")),
    path("", include(wagtail_urls)),
)
