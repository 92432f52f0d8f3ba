"""The process beside that `beside.read_beside` starts."""

from gloed.channels.file_import.beside import serve

if __name__ == "__main__":
    serve()
