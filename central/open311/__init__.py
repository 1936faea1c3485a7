"""Open311 GeoReport v2: how other systems of the city report problems and follow them."""
