"""Words that interfaces use, and what people say in their place."""

import re

SAID = {
    "create": "add|new|make|set up|start|register|book|raise|put in",
    "list": "show all|which|what are|overview|give me every|all the",
    "get": "show|look up|details of|read|open|view|pull up",
    "search": "find|look for|where is",
    "update": "change|edit|correct|rename|move|adjust|fix",
    "delete": "remove|get rid of|drop|erase|throw away|clear",
    "send": "write to|message|tell|notify",
    "assign": "give to|hand over|put on",
    "approve": "accept|sign off|okay|agree",
    "reject": "refuse|decline|turn down|deny",
    "archive": "put away|file away",
    "restore": "bring back|undo|recover",
    "cancel": "call off|stop|withdraw",
    "invite": "ask in",
    "export": "download|save as",
    "upload": "attach",
    "merge": "combine|join|put together",
    "customer": "client|buyer",
    "employee": "staff|worker|colleague",
    "invoice": "bill",
    "ticket": "case|issue",
    "meeting": "appointment|call",
}


def expansion(text):
    """Returns the interface's words for what a query says."""
    said = f" {' '.join(re.findall(r'[a-z0-9]+', text.lower()))} "
    return [
        word
        for word, sayings in SAID.items()
        if any(f" {saying} " in said for saying in sayings.split("|"))
    ]
