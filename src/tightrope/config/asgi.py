"""The door for servers that speak ASGI (the default: granian)."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tightrope.config.settings")
# Under ASGI each request runs in a thread of its own, so only a pool keeps connections open between them.
os.environ.setdefault("TIGHTROPE_POOL", "10")

application = get_asgi_application()
