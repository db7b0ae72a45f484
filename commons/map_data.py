"""The map as GeoJSON, for static/js/map.js and for anybody who wants to use it."""

from typing import Any

from shapely.geometry import shape

from . import boundaries
from .models import CommonGood, Neighbourhood


def feature_collection() -> dict[str, Any]:
    """Return every boundary and every place of a common good (RFC 7946), in two queries.

    `properties` carry what a map shows: kind of thing, name, address of its page; for areas
    where the name has room (longitude, latitude); for goods their state as code and as word in the
    active language.
    """
    areas = [
        {
            "type": "Feature",
            "geometry": neighbourhood.boundary,
            "properties": {
                "thing": "neighbourhood",
                "name": neighbourhood.name,
                "slug": neighbourhood.slug,
                "url": neighbourhood.get_absolute_url(),
                "inhabitants": neighbourhood.inhabitants,
                "label_at": boundaries.centre_of(shape(neighbourhood.boundary)),
            },
        }
        for neighbourhood in Neighbourhood.objects.exclude(boundary=None)
    ]
    places = [
        {
            "type": "Feature",
            "geometry": {
                "type": "Point",
                "coordinates": [float(good.longitude), float(good.latitude)],
            },
            "properties": {
                "thing": "good",
                "name": good.name,
                "slug": good.slug,
                "url": good.get_absolute_url(),
                "neighbourhood": good.neighbourhood.slug,
                "state": good.state,
                "state_word": str(good.get_state_display()),
            },
        }
        for good in CommonGood.objects.exclude(latitude=None).select_related("neighbourhood")
    ]
    return {"type": "FeatureCollection", "features": areas + places}
