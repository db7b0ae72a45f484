"""What is forgotten when the thing it was made from changes."""

from django.db.models.signals import post_delete, post_save

from .drawing import forget_map
from .models import Neighbourhood

post_save.connect(forget_map, sender=Neighbourhood, dispatch_uid="forget-map")
post_delete.connect(forget_map, sender=Neighbourhood, dispatch_uid="forget-map-gone")
