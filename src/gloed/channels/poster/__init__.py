"""The poster: the QR code of a survey on paper, with words, ready to print."""
