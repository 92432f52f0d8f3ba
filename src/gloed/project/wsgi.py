"""The web entry: `gloed.project.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gloed.project.settings")
application = get_wsgi_application()
