"""How fast is it, beside a baseline in the same run? Ratios, not absolute numbers."""
