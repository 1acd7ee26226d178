"""The door for servers that speak ASGI (the default: granian)."""

import multiprocessing
import os
import signal
import warnings

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tightrope.config.settings")
# The threads that answer share a pool: ten connections serve forty of them.
os.environ.setdefault("TIGHTROPE_POOL", "10")

# Static files are handed out by a synchronous middleware; they are small, so that reading one whole does no harm.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

django.setup(set_prefix=False)

from tightrope.core.answering import Answering  # noqa: E402 - the settings come first
from tightrope.runtime.processes import ends_with_parent  # noqa: E402

# granian's children would go on answering if it were killed in the same moment as the supervisor, which otherwise
# ends them: two releases might then share a port.
if multiprocessing.parent_process() is not None:
    ends_with_parent(signal.SIGKILL)

application = Answering()
