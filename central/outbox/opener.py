"""How this centre calls other servers: without following redirects, and with an end to what it reads."""

import urllib.request

TIMEOUT_S = 20.0


def opener(*handlers: urllib.request.BaseHandler) -> urllib.request.OpenerDirector:
    """Without a redirect handler: a receiver that moved tells a person, and nothing signed or secret goes elsewhere.

    `handlers` instead of those that open connections.
    """
    made = urllib.request.OpenerDirector()
    connecting = handlers or (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
    )
    for handler in (*connecting, urllib.request.HTTPDefaultErrorHandler(), urllib.request.HTTPErrorProcessor()):
        made.add_handler(handler)
    return made
