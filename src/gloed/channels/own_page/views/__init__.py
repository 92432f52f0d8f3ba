"""Pages of the person asked, and of colleagues who answer their requests."""
