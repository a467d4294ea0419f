"""Requests that nobody thought of: whatever is asked, of readers' pages or of staff's, no 5xx.

Straight to the WSGI application, past gunicorn, which refuses much of it before.
"""

import io
from urllib.parse import urlencode

import pytest
from django import VERSION
from django.conf import settings as site_settings
from django.contrib.auth.models import User
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.db.models import DateTimeField, Field, JSONField
from django.test import Client
from django.urls import get_resolver, reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.baked import Baked
from content.models import Contact, Country, Page, Revision, Situation
from tests.admin_support import Desk
from tests.baking import baked as bake
from tests.baking import only
from tests.hostile import texts
from tests.test_protocol import TRACES

pytestmark = pytest.mark.django_db

FEW, MANY = 40, 1500
TOKEN = "a" * 32
"""Cookie and field of the form: who is signed in can always make the two agree."""

LATIN = st.binary(max_size=40).map(lambda data: data.decode("latin-1"))
"""What stands in a WSGI environment for any bytes."""
WRITTEN = st.one_of(st.text(max_size=40), st.sampled_from(texts()["value"]))
"""What may stand in a field."""


def _bytes(text):
    return text.encode("utf-8", "surrogatepass")


@st.composite
def queries(draw, names):
    """A query string: pairs of these names and of others, percent-encoded or not."""
    name = st.one_of(st.sampled_from(names), st.text(max_size=12))
    pairs = draw(st.lists(st.tuples(name, WRITTEN), max_size=4))
    encoded = urlencode([(_bytes(n), _bytes(v)) for n, v in pairs])
    return draw(st.one_of(st.just(encoded), LATIN))


HEADERS = st.dictionaries(
    st.sampled_from(
        (
            *("ACCEPT", "ACCEPT_LANGUAGE", "ACCEPT_ENCODING", "IF_NONE_MATCH", "IF_MODIFIED_SINCE"),
            *("IF_MATCH", "RANGE", "COOKIE", "REFERER", "ORIGIN", "HOST", "CONTENT_ENCODING"),
            *("X_FORWARDED_PROTO", "X_FORWARDED_HOST", "X_REQUESTED_WITH", "AUTHORIZATION"),
        )
    ),
    st.one_of(LATIN, st.sampled_from([line.partition(": ")[2] for line in texts()["header"]])),
    max_size=4,
)
METHODS = st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS", "TRACE", "X"])
PARTS = st.sampled_from(["report", "stop", "ie", "poster", "..", "", "%"])
PLACES = st.one_of(
    st.sampled_from(("/", "/en/", "/ar/report/ie/", "/exit/", "/static/icon.svg", "/sitemap.xml")),
    st.sampled_from(texts()["path"]),
    LATIN.map("/{}".format),
    st.tuples(
        st.sampled_from(("en", "AR", "pt-br", "zxx", "static", "data", ".well-known", "admin")),
        st.lists(st.one_of(PARTS, LATIN), max_size=4),
    ).map(lambda pair: "/".join(["", pair[0], *pair[1]])),
)
FORM = "application/x-www-form-urlencoded"
KINDS = (FORM, "multipart/form-data; boundary=b", "multipart/form-data", "application/json", "\xff")
BODIES = st.tuples(
    st.sampled_from(KINDS),
    st.one_of(st.binary(max_size=60), st.just(b"--b\r\n\r\n\0\r\n--b--")),
)


def environment(path, query="", method="GET", headers=None, body=("", b"")):
    """A WSGI environment, as gunicorn makes it."""
    more = {f"HTTP_{name}": value for name, value in (headers or {}).items()}
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "CONTENT_TYPE": body[0],
        "CONTENT_LENGTH": str(len(body[1])),
        "wsgi.input": io.BytesIO(body[1]),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **more,
    }


def asked(application, environ):
    """Return status and body; whatever was written is taken back."""
    said = []
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # the test's own; its client connects it again
    with transaction.atomic():
        answer = application(environ, lambda status, headers, *_: said.append((status, headers)))
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        transaction.set_rollback(True)
    (status, headers) = said[-1]
    assert all("\n" not in value and "\r" not in value for _, value in headers)
    return int(status.split()[0]), body


def fuzz(application, requests, examples):
    """Ask this many; fail at the first that breaks something, in its simplest form."""

    @settings(
        max_examples=examples,
        derandomize=examples == FEW,
        suppress_health_check=list(HealthCheck),
    )
    @given(request=requests)
    def attempt(request):
        status, body = asked(application, environment(**request))
        assert status < 500, (status, request)
        assert not TRACES.search(body), request

    attempt()


@pytest.fixture
def django():
    """Django's own application."""
    return WSGIHandler()


@pytest.fixture
def released(django, tmp_path, monkeypatch):
    """The application with a release in front."""
    only(monkeypatch)
    bake(tmp_path)
    return Baked(django, tmp_path, site_settings.SITE_URL, ["127.0.0.1"], 1_000_000)


@pytest.fixture
def cookie():
    """Of somebody who may do everything."""
    user = User.objects.create(username="Root", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user)
    return f"session={client.cookies['session'].value}; csrf={TOKEN}"


PUBLIC = st.fixed_dictionaries(
    {
        "path": PLACES,
        "query": queries(["q", "lang", "next", "page", "a[]"]),
        "method": METHODS,
        "headers": HEADERS,
        "body": BODIES,
    }
)
EXAMPLES = pytest.mark.parametrize(
    "examples", [FEW, pytest.param(MANY, marks=pytest.mark.slow)], ids=["few", "many"]
)


def staff_paths():
    """Every address of the staff area, with its variables filled well and badly."""
    prefix = f"/{site_settings.ADMIN_PATH}"
    (area,) = [p for p in get_resolver().url_patterns if str(p.pattern) == prefix[1:]]
    names = []

    def collect(patterns, before):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                collect(pattern.url_patterns, before + str(pattern.pattern))
            else:
                names.append(before + str(pattern.pattern))

    collect(area.url_patterns, "")
    plain = [name for name in names if "(" not in name]
    assert len(plain) > 20
    values = st.one_of(
        st.sampled_from(["1", "2", "0", "-1", "9" * 25, "x", "\xb2", "\xd9\xa3", "IE", "_00", "%"]),
        LATIN,
    )

    def filled(pair):
        name, value = pair
        parts = [
            before + value + after.partition(">")[2] if after else before
            for before, _, after in (part.partition("<") for part in name.split("/"))
        ]
        return prefix + "/".join(parts)

    return st.tuples(st.sampled_from(plain), values).map(filled)


COMPARISONS = sorted({*Field.class_lookups, *DateTimeField.class_lookups, *JSONField.class_lookups})
FILTERS = [
    *("q", "p", "o", "e", "all", "_popup", "_to_field", "_facets", "_changelist_filters", "next"),
    *("state", "language", "problems", "kind", "country", "id__exact", "kind__exact", "kind__in"),
    *(
        "created_at__gte",
        "created_at__lt",
        "created_by__id__exact",
        "country__code__exact",
        "pk__in",
    ),
    *("content__exact", "shipped__gt", "is_live__exact", "is_live__isnull", "position__lt"),
    *("kind__regex", "created_at__year", "key__isnull", "id__in", "checked_on__gt", "age_min__lt"),
]


def staff_forms():
    """Forms as they are opened, with some fields filled by anything."""
    root = Desk(User.objects.get(username="Root"))
    items = [Page, Situation, Country, Contact]
    opened = [root.edit(model.objects.order_by("pk").first()) for model in items]
    opened.append(root.edit(Page.objects.order_by("pk")[1], "fr"))
    forms = [(form.path, form.data) for form in opened]
    revision = Revision.objects.order_by("pk").first()
    for name in ("approve", "withdraw", "restore"):
        path = reverse(f"admin:content_revision_{name}", args=[revision.pk])
        forms.append((path, {"reason": "x"}))
    forms.append((reverse("admin:login"), {"username": "x", "password": "y", "next": "/"}))

    @st.composite
    def filled(draw):
        path, data = draw(st.sampled_from(forms))
        changed = draw(st.dictionaries(st.sampled_from(sorted(data)), WRITTEN, max_size=4))
        sent = {n: v for n, v in (data | changed).items() if v is not False}
        sent |= {"csrfmiddlewaretoken": TOKEN, draw(st.sampled_from(["_save", "_ask"])): "1"}
        encoded = [(n, _bytes(str(one))) for n, v in sent.items() for one in _each(v)]
        path, _, query = path.partition("?")
        body = (FORM, urlencode(encoded).encode())
        return {"path": path, "query": query, "method": "POST", "body": body}

    return filled()


def _each(value):
    return value if isinstance(value, (list, tuple)) else [value]


@EXAMPLES
def test_readers_are_never_answered_with_a_failure(django, examples):
    fuzz(django, PUBLIC, examples)


@EXAMPLES
def test_nor_where_pages_are_baked(released, examples):
    fuzz(released, PUBLIC, examples)


@EXAMPLES
def test_staff_are_never_answered_with_a_failure(django, cookie, examples):
    requests = st.fixed_dictionaries(
        {
            "path": staff_paths(),
            "query": queries(FILTERS),
            "method": METHODS,
            "headers": HEADERS.map(lambda headers: headers | {"COOKIE": cookie}),
            "body": BODIES,
        }
    )
    fuzz(django, requests, examples)


@st.composite
def filtered_lists(draw):
    """A list of staff and a filter of it: any comparison of any of its columns."""
    model = draw(st.sampled_from([Revision, Page, Contact, Country, Situation]))
    columns = [field.name for field in model._meta.concrete_fields]
    name = f"{draw(st.sampled_from(columns))}__{draw(st.sampled_from(COMPARISONS))}"
    query = urlencode([(name, _bytes(draw(WRITTEN)))])
    path = reverse(f"admin:content_{model._meta.model_name}_changelist")
    return {"path": path, "query": draw(st.one_of(st.just(query), queries(FILTERS)))}


@EXAMPLES
def test_lists_of_staff_take_any_filter(django, cookie, examples):
    def signed_in(request):
        return request | {"headers": {"COOKIE": cookie}}

    fuzz(django, filtered_lists().map(signed_in), examples)


@EXAMPLES
def test_forms_of_staff_take_anything(django, cookie, examples):
    def signed_in(request):
        return request | {"headers": {"COOKIE": cookie}}

    fuzz(django, staff_forms().map(signed_in), examples)


def test_what_only_the_database_refuses_is_told(django, cookie):
    """A form that says that all its sections are new; Django 6.1 finds it before the database."""
    form = Desk(User.objects.get(username="Root")).edit(Page.objects.order_by("pk").first())
    form["sections-INITIAL_FORMS"] = "0"
    sent = {n: v for n, v in form.data.items() if v is not False}
    sent |= {"csrfmiddlewaretoken": TOKEN, "_save": "1"}
    body = (FORM, urlencode([(n, one) for n, v in sent.items() for one in _each(v)]).encode())
    environ = environment(form.path, "", "POST", {"COOKIE": cookie}, body)
    status, answer = asked(django, environ)
    if VERSION >= (6, 1):
        assert (status, b"Another section of this page has this key." in answer) == (200, True)
    else:
        assert (status, b"This contradicts what is there by now" in answer) == (409, True)


def test_a_cookie_with_nul_is_refused(django):
    environ = environment("/admin/", headers={"COOKIE": 'session="\\000aaaaaaaaaaaa"'})
    assert asked(django, environ)[0] == 400


def test_the_fuzz_finds_what_fails(django, monkeypatch):
    monkeypatch.setattr("content.views.site.live.index", lambda: 1 / 0)
    with pytest.raises(AssertionError, match="500"):
        fuzz(django, st.fixed_dictionaries({"path": st.sampled_from(["/exit/", "/"])}), FEW)
