"""What uvicorn serves."""

import os

from django.core.asgi import get_asgi_application

from central.request_threads import RequestThreads
from central.security.body_limit import BodyLimit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "central.settings")
application = BodyLimit(RequestThreads(get_asgi_application()))
