"""Rendered street scenes with exact truth, built from code alone.

Rooms: `mesh` (plain geometry), `car_body`, `motorcycle` and `fleet` (what drives), `street` (what stands), `traffic`
(how it drives), `camera` (where it is seen from), `scenes` (the named scenes), `truth` (what a perfect observer would
say), `encode` (pictures to video) need numpy at most. Only `materials`, `light` and `stage` import Blender's `bpy`.
"""

RENDERER_VERSION = "1"
