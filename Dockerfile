# The site in production: gunicorn, no root, nothing written outside /tmp,
# /dev/shm and /baked.
# What it needs from its environment stands in README's table; no secret is inside.

FROM python:3.11-slim AS build
ENV PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /venv
COPY requirements.txt /app/
RUN /venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r /app/requirements.txt
COPY . /app
WORKDIR /app
# Values for these two commands only: neither reads a database or signs anything.
RUN export SECRET_KEY=build ALLOWED_HOSTS=build SITE_URL=http://build DATABASE_URL=sqlite:////tmp/build STATIC_ROOT=/static \
 && /venv/bin/python manage.py compilecatalogues \
 && /venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
 && /venv/bin/python -m compileall -q /app \
 && chmod -R a+rX,go-w /app /static

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    STATIC_ROOT=/static \
    BAKED_ROOT=/baked \
    HOST=0.0.0.0 \
    PORT=8000
COPY --from=build /venv /venv
COPY --from=build /static /static
COPY --from=build /app /app
# A volume mounted here takes over the owner: the server reads it, `bake --follow` writes it.
RUN mkdir /baked && chown 10001:10001 /baked
WORKDIR /app
USER 10001:10001
EXPOSE 8000
# Asked under a name that the site answers to: the first of ALLOWED_HOSTS.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "\
import os, urllib.request as r; \
name = os.environ['ALLOWED_HOSTS'].split(',')[0].strip().strip('.*') or 'localhost'; \
r.urlopen(r.Request('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', headers={'Host': name}), timeout=4)"]
CMD ["gunicorn", "--config", "campaign/gunicorn.conf.py"]
