"""Everything that is written about promoters, part by part."""
