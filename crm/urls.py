"""All addresses of the CRM. The two public pages of customers have their own configuration, crm.public_urls."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("crm.staff.urls")),
    path("customers/", include("customers.urls")),
    path("interactions/", include("interactions.urls")),
    path("outreach/", include("interactions.outreach_urls")),
    path("complaints/", include("interactions.complaint_urls")),
    path("keeping/", include("interactions.keeping.urls")),
    path("messages/", include("interactions.messaging.urls")),
    path("suggestions/", include("recommendations.urls")),
    path("dashboards/", include("crm.dashboards.urls")),
    path("", include("crm.dashboards.scorecard.urls")),
    path("", include("crm.workspace.urls")),
    path("admin/", admin.site.urls),
]
