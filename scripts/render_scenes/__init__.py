"""A small procedural city that renders what a street camera would see, with exact truth, built from code alone.

Rooms: `geometry` (meshes, the camera with its lens, a z-buffer), `bodies` (what moves), `place` (what stands),
`motion` (how it moves), `scenes` (who does what when, in what light), `drawing` (the only one that imports Blender's
`bpy`), `lens` (what glass, sensor and recorder add), `truth` (what a perfect observer would say). `jobs` shares long
work between processes, `stills` makes training pictures, `encode` and `sheet` make videos and contact sheets.
"""

RENDERER_VERSION = "2"
