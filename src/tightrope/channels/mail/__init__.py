"""Mail in and out: scan, parse, clean, thread, build, fetch and send. Knows no database and no Django."""
