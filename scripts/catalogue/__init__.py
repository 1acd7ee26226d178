"""Translation catalogues: found in the source, merged, derived, checked and compiled without gettext's programs."""
