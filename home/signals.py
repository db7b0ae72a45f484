"""What is forgotten when the thing it was made from changes."""

from django.db.models.signals import post_delete, post_save
from wagtail.models import PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from .face import forget_face
from .models import CitySettings, HomePage, RioneImage, SectionPage, StandardPage

for _model in (CitySettings, Site, HomePage, SectionPage, StandardPage, PageViewRestriction):
    post_save.connect(forget_face, sender=_model, dispatch_uid=f"forget-{_model.__name__}")
    post_delete.connect(forget_face, sender=_model, dispatch_uid=f"forget-gone-{_model.__name__}")
post_save.connect(forget_face, sender=RioneImage, dispatch_uid="forget-picture")
for _signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
    _signal.connect(forget_face, dispatch_uid=f"forget-{id(_signal)}")
