"""Chat and alerts: news as a sentence to Slack, Teams, Mattermost, a mailbox and others."""
