"""A browser agent without a language model: it matches the words of the instruction to the page."""

import re

STOP = set(
    "the a an and or to of in on into with that then is it its for from all any my me i please "
    "one what which who how many much does are there answer find get put add press click".split()
)
SUBMIT = re.compile(r"\b(search|find|go|next|continue|submit|order|save|apply|add|ok|proceed|send)\b", re.I)
MAX_STEPS = 12


def words(text):
    return [word for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in STOP]


def quoted(text):
    return re.findall(r'"([^"]+)"', text)


def details(text):
    """Values that the instruction gives as `label: value;`."""
    return {key.strip().lower(): value.strip(" .") for key, value in re.findall(r"([\w ]+): ([^;]+?)[;.](?= |$)", text)}


def value_for(name, instruction):
    """What to write into a field of this name, if the instruction says so."""
    for key, value in details(instruction).items():
        if set(words(key)) & set(words(name)):
            return value
    if re.search(r"search|find|look", name, re.I) and quoted(instruction):
        return quoted(instruction)[0]
    if re.search(r"quantity|number|count", name, re.I):
        numbers = re.findall(r"\b\d+\b", instruction)
        return numbers[0] if numbers else None
    return None


def overlap(name, wanted):
    found = words(name)
    return len(set(found) & wanted) / len(found) if found else 0.0


def read_answer(nodes, instruction):
    """The cell of the row that names the record, in the column that is asked for."""
    heads = [node["name"] for node in nodes if node["role"] == "columnheader"]
    cells = [node["name"] if "name" in node else "" for node in nodes if node["role"] == "cell"]
    columns = [place for place, head in enumerate(heads) if head.lower() in instruction.lower()]
    if not heads or not columns:
        return None
    for start in range(0, len(cells), len(heads)):
        row = cells[start : start + len(heads)]
        if row and row[0].lower() in instruction.lower():
            return row[columns[-1]]
    return None


def read_text(nodes, wanted):
    """A number out of the sentence that shares most words with the instruction."""
    best, score = None, 2
    for node in nodes:
        name = node.get("name", "")
        hits = len(set(words(name)) & wanted)
        numbers = re.findall(r"\d+", name)
        if node["role"] == "text" and numbers and hits > score:
            best, score = numbers[0], hits
    return best


def next_action(nodes, instruction, wanted, done):
    """The first thing that seems worth doing: fill, choose, tick, click, send."""
    for node in nodes:
        key = (node["role"], node.get("name", ""))
        if key in done:
            continue
        if node["role"] in ("textbox", "searchbox", "spinbutton"):
            value = value_for(key[1], instruction)
            if value is not None and value != node.get("value"):
                return key, "fill", (node["ref"], value)
        if node["role"] == "combobox":
            value = value_for(key[1], instruction)
            if value is not None and value != node.get("value"):
                return key, "select", (node["ref"], value)
        if node["role"] == "checkbox" and "checked" not in node.get("state", []) and overlap(key[1], wanted) > 0.5:
            return key, "click", (node["ref"],)
    clickable = [node for node in nodes if node["role"] in ("link", "button")]
    clickable = [node for node in clickable if (node["role"], node.get("name", "")) not in done]
    best = max(clickable, key=lambda node: overlap(node.get("name", ""), wanted), default=None)
    if best is not None and overlap(best.get("name", ""), wanted) > 0.6:
        return (best["role"], best["name"]), "click", (best["ref"],)
    for node in clickable:
        if SUBMIT.search(node.get("name", "")):
            return (node["role"], node["name"]), "click", (node["ref"],)
    return None


def solve(goal, tools):
    instruction = goal.instruction
    wanted = set(words(instruction))
    done = set()
    for _ in range(MAX_STEPS):
        nodes = tools.observe(limit=1000)["nodes"]
        if re.search(r"\b(what|which|how many|look up|answer|give)\b", instruction, re.I):
            answer = read_answer(nodes, instruction) or read_text(nodes, wanted)
            if answer is not None:
                return answer
        action = next_action(nodes, instruction, wanted, done)
        if action is None:
            break
        key, name, arguments = action
        done.add(key)
        try:
            getattr(tools, name)(*arguments)
        except tools.Error:
            continue
    return None
