"""The door for servers that speak ASGI (the default: granian)."""

import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tightrope.config.settings")
# Under ASGI each request runs in a thread of its own, so only a pool keeps connections open between them.
os.environ.setdefault("TIGHTROPE_POOL", "10")

# Static files are handed out by a synchronous middleware; they are small, so that reading one whole does no harm.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

application = get_asgi_application()
