"""The WSGI application of the public process."""

import os

# Over whatever the environment says: this process must never turn out to be the CRM.
os.environ["DJANGO_SETTINGS_MODULE"] = "crm.public.settings"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
