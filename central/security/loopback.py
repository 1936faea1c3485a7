"""Is that this machine?"""

import ipaddress


def is_loopback(host: str) -> bool:
    """This machine and no other."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
