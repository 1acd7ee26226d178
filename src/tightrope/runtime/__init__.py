"""How the parts of Tightrope are started, watched, stopped, saved and brought back. Knows no business."""
