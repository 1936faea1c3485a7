"""The measure: from pixels to metres on the ground, and zones. numpy, OpenCV and files; imports nothing of ours."""
