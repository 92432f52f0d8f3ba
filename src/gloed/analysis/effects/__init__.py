"""Did it help: fixed beforehand, judged once, and kept in a register."""
