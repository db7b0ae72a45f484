"""Entry point for web servers: `gunicorn config.wsgi`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()

# What has been loaded by now stays for good: the collector need not go through it again and again,
# which would hold up a request for a tenth of a second. https://docs.python.org/3/library/gc.html
gc.collect()
gc.freeze()
