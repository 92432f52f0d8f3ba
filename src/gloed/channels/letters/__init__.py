"""Letters as mail: out by SMTP, in by IMAP or by what a mail provider posts."""
