"""The box's cameras: sessions that keep encoded packets, and looks that decode some of them on demand."""
