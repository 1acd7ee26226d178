"""Where the capabilities are put together into one program."""
