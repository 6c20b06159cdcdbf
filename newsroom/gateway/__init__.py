"""From the server's interface (RSGI) to the application's (WSGI).

What the store holds is answered at once, by the thread of the event loop. Any other one is
read whole first, so that no client can keep one of the few threads waiting that draw pages
(newsroom/turns.py), and then given to the WSGI application.

    door        what comes in, and which way it goes
    bodies      what a client sends, within limits
    environ     the request, as PEP 3333 has it
    answers     what the application gives, sent as fast as the client takes it
    protocol    what the server offers
"""
