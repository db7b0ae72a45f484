"""The history of a record, by wagtail-modeladmin."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from wagtail_modeladmin.views import HistoryView


class GuardedHistoryView(HistoryView):
    """Shows a record's history to those who may see the list it stands in.

    The package's own view shows it to whoever may enter the admin.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.permission_helper.user_can_list(request.user):
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response
