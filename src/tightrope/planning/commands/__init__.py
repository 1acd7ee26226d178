"""What `tightrope plan` is made of: models behind one door, reading, running and writing."""
