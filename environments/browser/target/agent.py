"""A browser agent without a language model: it matches the words of the instruction to the page."""

import re

STOP = set(
    "the a an and or to of in on into with that then is it its for from all any my me i we please "
    "what which who how does do are there be by at as should page number answer".split()
)
FIELDS = ("textbox", "searchbox", "spinbutton")
PRESSED = ("link", "button", "tab", "radio")
GO_ON = re.compile(
    r"\b(search|find|go|look up|next|continue|place|order|submit|save|add|put|finish)\b", re.I
)
QUESTION = re.compile(r"\?|\b(answer|look up|tell|give|name)\b", re.I)
COUNT = re.compile(r"quantity|how many|pieces|number of", re.I)
UNDO = re.compile(
    r"\b(remove|delete|take out|drop|cancel|back|not now|keep|archive|rename)\b", re.I
)
LAST = re.compile(r"^(add|put)\b", re.I)
MAX_STEPS = 25
SEEN = ["ref", "role", "name", "value", "state", "options"]


def words(text):
    return [word for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in STOP]


def overlap(name, wanted):
    found = words(name)
    return sum(word in wanted for word in found) / len(found) if found else 0.0


def score(name, wanted):
    """Prefers names of which many words are wanted, and few are not."""
    found = words(name)
    hits = sum(word in wanted for word in found)
    return hits * hits / len(found) if found else 0.0


def details(instruction):
    """Values that are given as `label: value;`."""
    pairs = re.findall(r"([\w ]+): ([^;]+?)(?:;|\. |\.$)", instruction)
    return {label.strip().lower(): value for label, value in pairs}


def names(instruction):
    """What is quoted, or looks like a name or a number of something."""
    quoted = re.findall(r'"([^"]+)"', instruction)
    return quoted or re.findall(r"\b[A-Z]+-\d+|(?:[A-Z]\w+ )+[A-Z]\w+", instruction)


def value_for(label, instruction):
    """What belongs in a field of this label, as far as the instruction says so."""
    given = details(instruction)
    best = max(given, key=lambda key: len(set(words(key)) & set(words(label))), default="")
    if set(words(best)) & set(words(label)):
        return given[best]
    if re.search(r"search|find|look|keyword", label, re.I) and names(instruction):
        return names(instruction)[0]
    if COUNT.search(label):
        plain = re.sub(r'"[^"]*"', "", instruction)
        numbers = re.findall(r"(?<![\w$.])\d(?![\w.])", plain)
        return numbers[0] if numbers else None
    said = re.search(
        re.escape(label) + r'"? (?:to|be|is|as|read) "?([\w ]+?)"?(?: and save|\.|$)',
        instruction,
        re.I,
    )
    return said[1] if said and label else None


def read_table(nodes, instruction):
    """The cell of the row that is named, in the column that is asked for."""
    heads = [node.get("name", "") for node in nodes if node["role"] == "columnheader"]
    cells = [node.get("name", "") for node in nodes if node["role"] == "cell"]
    asked = [
        place for place, head in enumerate(heads) if head and head.lower() in instruction.lower()
    ]
    for start in range(0, len(cells), max(len(heads), 1)):
        row = cells[start : start + len(heads)]
        if asked and row and row[0] and row[0] in instruction:
            return row[asked[-1]]
    return None


def read_labelled(nodes, instruction):
    """The value beside or after a label that the instruction names."""
    title = ""
    terms = [node.get("name") for node in nodes if node["role"] == "term"]
    for node, after in zip(nodes, nodes[1:], strict=False):
        name = node.get("name", "")
        if node["role"] == "heading":
            title = name
        is_here = title and title.lower() in instruction.lower() or terms.count(name) == 1
        if node["role"] == "term" and name.lower() in instruction.lower() and is_here:
            return after.get("name")
        if node["role"] == after["role"] == "cell" and name and name.lower() in instruction.lower():
            return after.get("name")
        told = re.search(r"(?:the )?([\w' ]+?)(?: is|:) (\d[\w ]*)", name, re.I)
        if (
            node["role"] == "text"
            and told
            and told[1].lower().removeprefix("the ") in instruction.lower()
        ):
            return told[2]
    return None


def next_action(nodes, instruction, wanted, done):
    for node in nodes:
        name, role, ref = node.get("name", ""), node["role"], node["ref"]
        if ref in done:
            continue
        if role == "combobox":
            named = [
                option
                for option in node.get("options", [])
                if re.search(rf"\b{re.escape(option)}\b", instruction)
            ]
            value = (
                value_for(name, instruction)
                if COUNT.search(name)
                else max(named, key=len, default=None)
            )
            if value and value != node.get("value"):
                return ref, "select", (ref, value)
        if role in FIELDS:
            value = value_for(name, instruction)
            if value is not None and value != node.get("value"):
                return ref, "fill", (ref, value)
        is_on = "checked" in node.get("state", [])
        if role == "checkbox" and overlap(name, wanted) >= 0.5:
            if is_on == bool(re.search(r"\b(off|disable)\b", instruction, re.I)):
                return ref, "click", (ref,)
    pressed = [
        node for node in nodes if node["role"] in PRESSED and node.get("name", "") not in done
    ]
    pressed = [
        node
        for node in pressed
        if all(word.lower() in instruction.lower() for word in UNDO.findall(node.get("name", "")))
    ]
    best = max(pressed, key=lambda node: score(node.get("name", ""), wanted), default=None)
    if best is not None and overlap(best.get("name", ""), wanted) > 0.6:
        return best["name"], "click", (best["ref"],)
    for node in pressed:
        if GO_ON.search(node.get("name", "")):
            return node["name"], "click", (node["ref"],)
    return None


def role_of(nodes, ref):
    return next(node["role"] for node in nodes if node["ref"] == ref)


def solve(goal, tools):
    wanted, done = set(words(goal.instruction)), set()
    for _ in range(MAX_STEPS):
        nodes = tools.observe(limit=1000, fields=SEEN)["nodes"]
        if QUESTION.search(goal.instruction):
            answer = read_table(nodes, goal.instruction) or read_labelled(nodes, goal.instruction)
            if answer:
                return answer
        action = next_action(nodes, goal.instruction, wanted, done)
        if action is None:
            return None
        key, name, arguments = action
        done.add(key)
        try:
            getattr(tools, name)(*arguments)
            if name == "fill" and role_of(nodes, arguments[0]) == "searchbox":
                tools.press("Enter", arguments[0])
        except tools.Error:
            continue
        if name == "click" and LAST.search(key):
            return None
    return None
