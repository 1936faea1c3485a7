"""What crosses the wire between a box and the centre: ids, kinds, topics, events, acks, evidence manifests.

Imports nothing of ours, so that either side can be built, deployed and read without the other.
"""
