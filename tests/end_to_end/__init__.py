"""The whole way: cameras, box, broker and centre as real processes."""
