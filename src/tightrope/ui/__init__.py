"""The design system: base templates, components, tokens and behaviours that every page stands on."""
