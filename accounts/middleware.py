"""Sessions per request: Django's, with a daily renewal of the cookie."""

from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessions
from django.http import HttpRequest, HttpResponse


class SessionMiddleware(DjangoSessions):
    """Moves the idle deadline of a session that is only read.

    A store that fails here is answered by ``aurora.errors.answer_store_errors``.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponse
    ) -> HttpResponse:
        session = getattr(request, "session", None)
        if (
            session is not None
            and response.status_code < 500
            and session.accessed
            and not session.modified
            and session.due
        ):
            session.modified = session.touch()
        return super().process_response(request, response)
