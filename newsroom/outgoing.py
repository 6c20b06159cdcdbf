"""How this site asks services that its operator has named."""

from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
)


def opener() -> OpenerDirector:
    """HTTP and HTTPS alone, by the proxy of the environment where there is one. A redirect is a
    refusal: the address is the operator's to set, and what is sent goes nowhere else.
    """
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPErrorProcessor(),
        HTTPDefaultErrorHandler(),
    ):
        opener.add_handler(handler)
    return opener
