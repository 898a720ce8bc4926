"""A browser agent without a language model: it matches the words of the instruction to the page."""

import itertools
import re

MAX_STEPS = 12
SEEN = ["ref", "role", "name", "value", "state", "options"]
IDLE = {"a", "all", "an", "and", "at", "by", "for", "in", "is", "it", "my", "of", "on", "the", "to"}
QUESTION = re.compile(r"(?i)\?|\b(answer|look up|tell|give|find)\b")
GO_ON = re.compile(r"(?i)\b(search|find|go|next|continue|order|submit|save|add|put)\b")
RISKY = re.compile(r"(?i)\b(remove|delete|cancel|back|archive|rename)\b")
BANNER = re.compile(r"(?i)\b(accept|allow|close|dismiss|no thanks|not now|got it)\b")


def words(text):
    return [word for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in IDLE]


def similarity(name, instruction):
    """The share of a name's words that are in the instruction; 0 to 1."""
    found, wanted = words(name), words(instruction)
    return sum(word in wanted for word in found) / len(found) if found else 0.0


def value_for(label, instruction):
    """What belongs in a field of this label, if the instruction says so."""
    given = dict(re.findall(r"([\w ]+): ([^;]+?)(?:;|\. |\.$)", instruction))
    shared = {key: len(set(words(key)) & set(words(label))) for key in given}
    if any(shared.values()):
        return given[max(shared, key=shared.get)]
    if re.search("(?i)search|find", label):
        named = re.search(r'"([^"]+)"|\b([A-Z]+-\d+|(?:[A-Z]\w+ )+[A-Z]\w+)', instruction)
        return named and (named[1] or named[2])
    if re.search("(?i)quantity|how many", label):
        count = re.search(r"(?<![\w$.])\d(?![\w.])", re.sub('"[^"]*"', "", instruction))
        return count and count[0]
    said = re.search(rf'{re.escape(label)}"? (?:to|be|is) "?([\w ]+?)"?(?: and|\.|$)', instruction)
    return said[1] if said and label else None


def find_answer(nodes, instruction):
    """The cell of the named row in the named column, or what stands after a named label."""
    asked = instruction.lower()
    heads = [node["name"].lower() for node in nodes if node["role"] == "columnheader"]
    cells = [node["name"] for node in nodes if node["role"] == "cell"]
    columns = [place for place, head in enumerate(heads) if head and head in asked]
    if columns:
        rows = [cells[start : start + len(heads)] for start in range(0, len(cells), len(heads))]
        return next((row[columns[-1]] for row in rows if row[0] and row[0].lower() in asked), None)
    titles = [n for n, node in enumerate(nodes) if node["role"] == "heading"]
    named = [place for place in titles if nodes[place]["name"].lower() in asked]
    for node, after in itertools.pairwise(nodes[max(named, default=0) :]):
        name = node["name"].lower()
        if node["role"] in ("term", "cell") and name and name in asked:
            return after["name"]
        for label, value in re.findall(r"\bthe ([a-z' ]+?) is (\d[\w ]*)", name):
            if label in asked:
                return value
    return None


def inputs(nodes, instruction, done):
    """Every field, list or checkbox that is not yet as the instruction wants it."""
    for node in nodes:
        ref, name, role, options = node["ref"], node["name"], node["role"], node["options"]
        value = value_for(name, instruction)
        if role == "combobox" and value not in options:
            value = max((one for one in options if one in instruction), key=len, default=None)
        if ref in done or (role == "checkbox" and similarity(name, instruction) < 0.5):
            continue
        if role == "checkbox":
            is_off = re.search(r"(?i)\b(off|disable)\b", instruction) is not None
            if ("checked" in node["state"]) == is_off:
                yield ref, "click", (ref,)
        elif value and value != node["value"]:
            if role == "combobox":
                yield ref, "select", (ref, value)
            if role in ("textbox", "searchbox", "spinbutton"):
                yield ref, "fill", (ref, value)


def presses(nodes, instruction, done):
    """The link or button that shares most words with the instruction, or leads on; none at all."""
    scored = []
    for node in nodes:
        name, role, ref = node["name"], node["role"], node["ref"]
        risks = [word for word in RISKY.findall(name) if word.lower() not in instruction.lower()]
        if role not in ("link", "button", "tab", "radio") or name in done or risks:
            continue
        match = similarity(name, instruction)
        # Of two names that match as well, the longer one is the more specific.
        score = match * len(words(name)) if match > 0.6 else 0.1 if GO_ON.search(name) else 0
        if role == "button" and BANNER.search(name):
            score += 100
        scored.append((score, name, ref))
    return [(name, "click", (ref,)) for score, name, ref in sorted(scored)[-1:] if score > 0]


def solve(goal, tools):
    done = {}
    for _ in range(MAX_STEPS):
        page = tools.observe(limit=1000, fields=SEEN)
        nodes = [{"name": "", "value": "", "state": [], "options": [], **n} for n in page["nodes"]]
        answer = QUESTION.search(goal.instruction) and find_answer(nodes, goal.instruction)
        here = done.setdefault(page["url"], set())
        actions = [*inputs(nodes, goal.instruction, here), *presses(nodes, goal.instruction, here)]
        if answer or not actions:
            return answer or None
        for key, tool, arguments in actions:
            here.add(key)
            try:
                getattr(tools, tool)(*arguments)
                break  # and look again: the page may have changed
            except tools.Error:
                continue
        if tool == "click" and re.match("(?i)add|put", key):
            return None
    return None
