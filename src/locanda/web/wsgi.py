"""The application that a server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "locanda.settings")
application = get_wsgi_application()

if os.environ.get("LOCANDA_ENGINE") == "loop":  # set by the commands that serve; a development server sends nothing
    from locanda.office.engine import start

    start()
