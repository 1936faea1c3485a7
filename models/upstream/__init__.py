"""Well-known small detectors, run as their authors run them: peers to measure ours against, and teachers.

Their files carry no card and are not part of the product; `detector.load` knows each by the shape of its outputs.
"""
