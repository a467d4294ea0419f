"""The staff area in place of Django's default admin site."""

from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    """Makes `django.contrib.admin.site` our own site, which has its own policy and names."""

    default_site = "content.admin.site.StaffSite"
