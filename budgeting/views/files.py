"""Sending the stored files of a count: the bytes as they were written."""

from collections.abc import Iterator

from django.http import StreamingHttpResponse

from ..models import Count

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
