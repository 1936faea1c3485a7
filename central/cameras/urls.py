"""Routes of boxes and cameras, below /operator/."""

from django.urls import path

from central.cameras import boxes, editor, importing, stills

urlpatterns = [
    path("boxes/", boxes.boxes, name="boxes"),
    path("boxes/import/", importing.import_cameras, name="import-cameras"),
    path("cameras/<int:camera>/", editor.editor, name="camera"),
    path("cameras/<int:camera>/fit/", editor.fit, name="camera-fit"),
    path("cameras/<int:camera>/save/", editor.save, name="camera-save"),
    path("cameras/<int:camera>/undo/", editor.undo, name="camera-undo"),
    path("cameras/<int:camera>/standing/", editor.standing, name="camera-standing"),
    path("cameras/<int:camera>/still/", stills.ask, name="ask-still"),
    path("stills/<uuid:still>/", stills.progress, name="still"),
    path("stills/<uuid:still>/picture/", stills.picture, name="still-picture"),
]
