"""HubSpot: tickets and contacts."""
