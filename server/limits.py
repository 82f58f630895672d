"""How many connections the system lets this process hold open."""

import logging
import sys

# Every open page is a connection; systems often allow 1,024 files and connections until a program asks for more.
OPEN_FILES = 65_536


def allow_many_connections() -> None:
    """Ask for as many as are needed, or as many as the system gives at most."""
    if sys.platform == "win32":
        return  # there is no such limit
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError) as error:
            # Some systems name no limit and have one all the same.
            logging.getLogger("atlas").warning("No more than %d connections at once: %s", soft, error)
