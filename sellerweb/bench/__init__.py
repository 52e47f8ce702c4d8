"""What a page and a ship cost beside the least they could cost, measured in one run. Figures, not promises."""
