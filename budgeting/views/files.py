"""Sending the stored files of a count: the bytes as they were written."""

from collections.abc import Iterator

from django.http import Http404, StreamingHttpResponse

from .. import recording
from ..models import Count
from ..record_addenda import find_addendum_file

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".json": "application/json",
    ".pb": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".zip": "application/zip",
}
SHOWN = (".html", ".pdf", ".css")
"""What a browser opens; the rest is saved."""


def record_file_response(count: Count, name: str) -> StreamingHttpResponse:
    """Send a file of the kit of a count, or of an addendum to its record; raises Http404."""
    file = recording.find_file(count, name)
    if file is not None:
        return file_response(recording.content_of(file), name, file.size, count)
    added = find_addendum_file(count, name)
    if added is None:
        raise Http404
    return file_response(iter([added]), name, len(added), count)


def file_response(
    pieces: Iterator[bytes], name: str, size: int, count: Count
) -> StreamingHttpResponse:
    """Send a file of a count, under a name that says whose it is."""
    ending = name[name.rindex(".") :] if "." in name else ".txt"
    response = StreamingHttpResponse(pieces, content_type=TYPES.get(ending, TYPES[".txt"]))
    contest = count.contest
    saved = f"{contest.scope.round.slug}-{contest.slug}-{name.replace('/', '-')}"
    manner = "inline" if ending in SHOWN else "attachment"
    response["Content-Disposition"] = f'{manner}; filename="{saved}"'
    response["Content-Length"] = str(size)
    response["X-Content-Type-Options"] = "nosniff"
    return response
