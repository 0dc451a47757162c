"""Sessions per request: a store that fails at the very end still gets its own page."""

from logging import getLogger

from botocore.exceptions import ClientError
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessions
from django.http import HttpRequest, HttpResponse

from aurora.dynamo import STORE_ERRORS, OutcomeUnknown, StoreUnavailable, remedy
from aurora.errors import error_page

log = getLogger("accounts.sessions")


class SessionMiddleware(DjangoSessions):
    """Django's, with a 503 page where saving fails and a daily renewal of the cookie.

    Django turns what a middleware raises into a 500 before any outer middleware can
    see it, so this is the last place to say 503. The cookie stays as it was.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponse
    ) -> HttpResponse:
        try:
            self._renew(request, response)
            return super().process_response(request, response)
        except (StoreUnavailable, OutcomeUnknown, ClientError, *STORE_ERRORS) as error:
            log.error(
                "session not saved",
                extra={"why": remedy(error), "error_code": StoreUnavailable.code},
            )
            return error_page("503.html", status=503, code=StoreUnavailable.code)

    def _renew(self, request: HttpRequest, response: HttpResponse) -> None:
        session = getattr(request, "session", None)
        if session is None or response.status_code >= 500:
            return
        if session.accessed and not session.modified and session.due:
            session.modified = session.touch()
