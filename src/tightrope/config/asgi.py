"""The door for servers that speak ASGI (the default: granian)."""

import os
import warnings

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tightrope.config.settings")
# The threads that answer share a pool: ten connections serve forty of them.
os.environ.setdefault("TIGHTROPE_POOL", "10")

# Static files are handed out by a synchronous middleware; they are small, so that reading one whole does no harm.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

django.setup(set_prefix=False)

from tightrope.core.answering import Answering  # noqa: E402 - the settings come first

application = Answering()
