"""Headers of every answer, and requests that no view has to see."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.middleware import http
from django.utils.cache import patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponse]

FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS = ", ".join(f"{feature}=()" for feature in FEATURES)

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
OF_THE_BODY = {"Content-Type", "Content-Length", "Content-Encoding"}
TWO_YEARS = 2 * 365 * 24 * 60 * 60


class SecurityHeadersMiddleware:
    """Adds the headers of DESIGN 6 to whatever answer leaves; django-csp adds the policy."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer with all headers."""
        response = self.get_response(request)
        is_staff_area = request.path.startswith(f"/{settings.ADMIN_PATH}")
        may_be_framed = getattr(response, "xframe_options_exempt", False)
        for name, value in ALWAYS.items():
            if not (may_be_framed and name == "X-Frame-Options"):
                response.setdefault(name, value)
        # With no-referrer, browsers send `Origin: null` with forms and every POST would be refused.
        policy = "same-origin" if is_staff_area else "no-referrer"
        response.setdefault("Referrer-Policy", policy)
        if is_staff_area:
            response.setdefault("X-Robots-Tag", "noindex, nofollow")
        if settings.HTTPS:
            preload = "; includeSubDomains; preload" if settings.HSTS_PRELOAD else ""
            response.setdefault("Strict-Transport-Security", f"max-age={TWO_YEARS}{preload}")
        return response


class ConditionalGetMiddleware(http.ConditionalGetMiddleware):
    """Answers "not modified" with all the headers that the page itself has.

    Browsers put the headers of a 304 in the place of those they kept (RFC 9111, section 3.2): a
    page with a policy of its own would lose it when it is loaded again.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Return the response, or 304 with its headers but those of the body."""
        answer = super().process_response(request, response)
        if answer.status_code == HTTPStatus.NOT_MODIFIED:
            for name, value in response.items():
                answer.setdefault(name, value)
            for name in OF_THE_BODY:
                del answer[name]
            # GZipMiddleware says so of bodies only.
            patch_vary_headers(answer, ["Accept-Encoding"])
        return answer


class NoNullBytesMiddleware:
    """Refuses NUL in path or query: PostgreSQL cannot hold it and would answer with an error."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return 400 for an address with NUL, else what the view says."""
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "%00" in query or "\0" in query:
            return HttpResponseBadRequest("This address has a character that no page has.")
        return self.get_response(request)
