"""The layouts of the tools people come from: one module each, one registry."""
