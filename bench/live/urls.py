"""The site's addresses, and beside them the one that Channels' application answers its act at."""

from django.urls import include, path

from bench.live.channels_view import hand

urlpatterns = [path("channels/<str:public_id>/hand/", hand), path("", include("roundtable.urls"))]
