"""The application that gunicorn serves: campaign.wsgi:application."""

import os
from pathlib import Path

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402  there are none before Django is set up

from campaign.baked import Baked  # noqa: E402

if not settings.DEBUG:  # a developer wants to see what was written a moment ago
    application = Baked(  # type: ignore[assignment]
        application,
        Path(settings.BAKED_ROOT),
        settings.SITE_URL,
        settings.ALLOWED_HOSTS,
        settings.BAKED_CACHE_MB * 1_000_000,
    )
