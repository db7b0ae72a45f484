"""The count record, the recount kit, and the schemas of what they hold."""

from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from home.caching import public_page

from .. import recording
from ..tally.schemas import schema_files
from .files import file_response, record_file_response
from .results import FILE_SECONDS, published_count


@require_safe
@public_page(seconds=FILE_SECONDS)
def kit(request: HttpRequest, slug: str, contest: str) -> StreamingHttpResponse:
    """Send the recount kit of a published count."""
    count = published_count(slug, contest)
    if not count.kit_sha256:
        raise Http404
    return file_response(recording.kit_pieces(count), "kit.zip", recording.kit_size(count), count)


@require_safe
@public_page(seconds=FILE_SECONDS)
def record_file(request: HttpRequest, slug: str, contest: str, name: str) -> StreamingHttpResponse:
    """Send one file of the kit of a published count, or of an addendum to its record."""
    return record_file_response(published_count(slug, contest), name)


@require_safe
@public_page(seconds=FILE_SECONDS)
def schema(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send one JSON Schema."""
    for path in schema_files():
        if path.name == f"{name}.schema.json":
            return FileResponse(path.open("rb"), content_type="application/schema+json")
    raise Http404
