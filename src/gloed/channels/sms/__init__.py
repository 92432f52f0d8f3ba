"""Asking by text message: SMS, and messengers that know people by their telephone number."""
