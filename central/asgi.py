"""What uvicorn serves."""

import os

import django

from central.request_threads import InOneThread, RequestThreads
from central.security.body_limit import BodyLimit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "central.settings")
django.setup(set_prefix=False)
application = BodyLimit(RequestThreads(InOneThread()))
