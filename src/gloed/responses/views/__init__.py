"""Pages and fragments about responses; pages of lower rooms load them by their address."""
