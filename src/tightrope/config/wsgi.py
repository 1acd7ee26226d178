"""The door for servers that speak WSGI; a big site serves its pages here and only `/live` by ASGI."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tightrope.config.settings")

application = get_wsgi_application()
