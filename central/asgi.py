"""What uvicorn serves."""

import os

from django.core.asgi import get_asgi_application

from central.security.body_limit import BodyLimit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "central.settings")
application = BodyLimit(get_asgi_application())
