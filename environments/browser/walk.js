// One frozen walk over a page, in a world of its own: it reads, it never writes to the document.
(firstRef) => {
  const SKIPPED = new Set(["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT", "HEAD", "META", "LINK", "OPTION", "OPTGROUP"]);
  const ROLES = {
    BUTTON: "button", TEXTAREA: "textbox", H1: "heading", H2: "heading", H3: "heading",
    H4: "heading", H5: "heading", H6: "heading", TABLE: "table", TR: "row", TD: "cell",
    TH: "columnheader", LI: "listitem", UL: "list", OL: "list", IMG: "img", NAV: "navigation",
    MAIN: "main", FORM: "form", DIALOG: "dialog", SUMMARY: "button", PROGRESS: "progressbar",
    DT: "term", DD: "definition", ARTICLE: "article", SECTION: "region", ASIDE: "complementary",
    HEADER: "banner", FOOTER: "contentinfo", FIELDSET: "group",
  };
  const INPUTS = {
    checkbox: "checkbox", radio: "radio", button: "button", submit: "button", reset: "button",
    image: "button", range: "slider", number: "spinbutton", search: "searchbox", hidden: null,
  };
  // These are called by what is in them; text inside is not told again.
  const NAMED_BY_CONTENT = new Set([
    "button", "link", "heading", "cell", "columnheader", "rowheader", "tab", "menuitem", "option",
    "term", "definition", "switch", "checkbox", "radio",
  ]);
  const STRUCTURE = new Set([
    "table", "row", "list", "listitem", "navigation", "main", "form", "dialog", "alertdialog",
    "article", "region", "complementary", "banner", "contentinfo", "group", "presentation",
  ]);
  const PHRASING = new Set(["B", "I", "EM", "STRONG", "SPAN", "CODE", "MARK", "SMALL", "SUB", "SUP", "U", "S", "TIME", "ABBR", "BR", "WBR", "Q", "CITE"]);
  const refs = new WeakMap();
  const elements = new Map();
  let counter = firstRef;
  let last = new Map();
  let navigating = false;
  if (globalThis.navigation) {
    navigation.addEventListener("navigate", (event) => {
      if (!event.hashChange && event.downloadRequest === null) navigating = true;
    });
  }
  addEventListener("pagehide", () => { navigating = true; });

  const refOf = (element) => {
    if (!refs.has(element)) {
      const ref = "e" + counter++;
      refs.set(element, ref);
      elements.set(ref, new WeakRef(element));
    }
    return refs.get(element);
  };
  const tidy = (text) => text.replace(/\s+/g, " ").trim();
  const roleOf = (element) => {
    const given = element.getAttribute("role");
    if (given) return given.split(" ")[0];
    if (element.tagName === "A") return element.hasAttribute("href") ? "link" : null;
    if (element.tagName === "INPUT") {
      return element.type in INPUTS ? INPUTS[element.type] : "textbox";
    }
    if (element.tagName === "SELECT") return element.multiple ? "listbox" : "combobox";
    if (element.isContentEditable && element.getAttribute("contenteditable") !== null) return "textbox";
    return ROLES[element.tagName] ?? null;
  };
  const byIds = (element, attribute) => tidy(
    (element.getAttribute(attribute) ?? "").split(/\s+/).filter(Boolean)
      .map((id) => element.getRootNode().getElementById?.(id)?.textContent ?? "").join(" "));
  const nameOf = (element, role) => {
    const said = byIds(element, "aria-labelledby") || tidy(element.getAttribute("aria-label") ?? "");
    if (said) return said;
    if (element.labels?.length) return tidy([...element.labels].map(labelText).join(" "));
    if (element.tagName === "INPUT" && ["submit", "button", "reset"].includes(element.type)) {
      return element.value || (element.type === "submit" ? "Submit" : "");
    }
    if (element.alt) return tidy(element.alt);
    if (NAMED_BY_CONTENT.has(role)) {
      const text = tidy(element.innerText ?? element.textContent ?? "");
      if (text) return text;
    }
    return tidy(element.getAttribute("placeholder") ?? element.getAttribute("title") ?? "");
  };
  const labelText = (label) => {
    const copy = label.cloneNode(true);
    for (const inner of copy.querySelectorAll("select,textarea,input")) inner.remove();
    return copy.textContent;
  };
  const stateOf = (element, role) => {
    const state = [];
    const flag = (word, is) => { if (is) state.push(word); };
    const aria = (name) => element.getAttribute("aria-" + name) === "true";
    flag("checked", element.checked === true || aria("checked"));
    flag("disabled", element.disabled === true || aria("disabled"));
    flag("expanded", aria("expanded") || (element.tagName === "SUMMARY" && element.parentElement?.open));
    flag("selected", aria("selected"));
    flag("pressed", aria("pressed"));
    flag("required", element.required === true || aria("required"));
    flag("readonly", element.readOnly === true);
    flag("invalid", aria("invalid"));
    flag("focused", element.getRootNode().activeElement === element);
    return state;
  };
  const valueOf = (element) => {
    if (element.tagName === "SELECT") return tidy(element.selectedOptions[0]?.textContent ?? "");
    if (element.tagName === "TEXTAREA") return element.value;
    if (element.tagName === "INPUT" && !["checkbox", "radio", "submit", "button", "reset", "image"].includes(element.type)) {
      return element.value;
    }
    return "";
  };
  const isVisible = (element) =>
    element.checkVisibility({ checkVisibilityCSS: true }) && element.getAttribute("aria-hidden") !== "true";
  // A sentence with words in bold is one sentence.
  const isSentence = (element) =>
    element.children.length < 30 && [...element.querySelectorAll("*")].every(
      (inner) => PHRASING.has(inner.tagName) && !inner.hasAttribute("role") && isVisible(inner));
  const ownText = (element) => {
    if (isSentence(element)) return tidy(element.innerText ?? element.textContent ?? "");
    let text = "";
    for (const child of element.childNodes) if (child.nodeType === 3) text += child.data + " ";
    return tidy(text);
  };

  function* walk(root, depth, isTold) {
    for (const element of root.children) {
      if (SKIPPED.has(element.tagName) || element.tagName === "LABEL" && element.control && element.control !== element.querySelector("input,select,textarea,button")) continue;
      if (!isVisible(element)) {
        // A box of `display: contents` or of no size may still hold visible children.
        if (element.getAttribute("aria-hidden") === "true" || getComputedStyle(element).display === "none") continue;
      }
      const role = roleOf(element);
      const text = role && role !== "none" && role !== "presentation" ? null : ownText(element);
      if (role && role !== "none" && role !== "presentation") {
        yield { element, role, depth };
      } else if (text && !isTold && isVisible(element) && !(element.tagName === "LABEL" && element.control)) {
        yield { element, role: "text", depth, text };
      }
      const told = isTold || (role !== null && NAMED_BY_CONTENT.has(role)) || (text !== null && text !== "" && isSentence(element) && element.tagName !== "LABEL");
      if (STRUCTURE.has(role) && !isTold) {
        const own = ownText(element);
        const whole = own !== "" && isSentence(element);
        if (own) yield { element, role: "text", depth: depth + 1, text: own };
        if (whole) continue;
      }
      if (element.tagName !== "SELECT") {
        yield* walk(element.shadowRoot ?? element, depth + 1, told);
      }
    }
  }

  const inView = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0
      && box.top < innerHeight && box.left < innerWidth;
  };
  const tell = (found, fields) => {
    const { element, role } = found;
    const node = {};
    const has = (field) => fields.includes(field);
    if (has("ref")) node.ref = refOf(element);
    if (has("role")) node.role = role;
    const name = found.text ?? nameOf(element, role);
    if (has("name") && name) node.name = name;
    const value = role === "text" ? "" : valueOf(element);
    if (has("value") && value) node.value = value;
    const state = role === "text" ? [] : stateOf(element, role);
    if (has("state") && state.length) node.state = state;
    if (has("options") && element.tagName === "SELECT") {
      node.options = [...element.options].map((option) => tidy(option.textContent));
    }
    if (has("level") && role === "heading") node.level = Number(element.tagName[1]) || Number(element.getAttribute("aria-level")) || 2;
    if (has("href") && element.tagName === "A") node.href = element.getAttribute("href");
    if (has("depth")) node.depth = found.depth;
    if (has("box")) {
      const box = element.getBoundingClientRect();
      node.box = [box.x, box.y, box.width, box.height].map(Math.round);
    }
    return { node, haystack: name + "\n" + value };
  };
  const resolve = (ref) => {
    const element = elements.get(ref)?.deref();
    return element?.isConnected ? element : null;
  };
  const stale = (ref) => ({ error: ["stale_ref", `nothing on this page is '${ref}' any more`] });

  return {
    observe(query) {
      let root = document.body ?? document.documentElement;
      if (query.within) {
        root = resolve(query.within);
        if (!root) return stale(query.within);
      }
      let pattern = null;
      if (query.regex !== null) {
        try { pattern = new RegExp(query.regex, "imu"); } catch (problem) {
          return { error: ["bad_regex", String(problem.message)] };
        }
      }
      const text = query.text?.toLowerCase() ?? null;
      const nodes = [];
      const seen = new Map();
      let total = 0;
      for (const found of walk(root, 0, false)) {
        refOf(found.element);
        if (query.depth !== null && found.depth > query.depth) continue;
        if (query.roles ? !query.roles.includes(found.role) : STRUCTURE.has(found.role)) continue;
        if (query.viewport && !inView(found.element)) continue;
        const { node, haystack } = tell(found, query.fields);
        if (text !== null && !haystack.toLowerCase().includes(text)) continue;
        if (pattern !== null && !pattern.test(haystack)) continue;
        if (found.role === "text" && !node.name && query.fields.includes("name")) continue;
        if (query.since_last) {
          const key = refOf(found.element) + found.role;
          const said = JSON.stringify(node);
          seen.set(key, said);
          if (last.get(key) === said) continue;
        }
        if (total++ >= query.offset && nodes.length < query.limit) nodes.push(node);
      }
      if (query.since_last) last = seen;
      return { title: document.title, nodes, total, next: counter };
    },
    find(text, limit) {
      const wanted = text.toLowerCase();
      const scored = [];
      let order = 0;
      for (const found of walk(document.body, 0, false)) {
        refOf(found.element);
        if (STRUCTURE.has(found.role)) continue;
        const { node, haystack } = tell(found, ["ref", "role", "name", "value", "state"]);
        const hay = haystack.trim().toLowerCase();
        if (!hay.includes(wanted)) continue;
        const rank = hay === wanted ? 0 : hay.startsWith(wanted) ? 1 : 2;
        scored.push([rank, order++, node]);
      }
      scored.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      return { nodes: scored.slice(0, limit).map((entry) => entry[2]), total: scored.length, next: counter };
    },
    point(ref, mustBeEnabled) {
      const element = resolve(ref);
      if (!element) return stale(ref);
      if (!isVisible(element)) return { error: ["not_visible", `'${ref}' is not visible`] };
      if (mustBeEnabled && (element.disabled || element.getAttribute("aria-disabled") === "true")) {
        return { error: ["disabled", `'${ref}' is disabled`] };
      }
      const scheme = element.closest?.("a[href]")?.protocol;
      if (scheme && !["http:", "https:"].includes(scheme)) {
        return { error: ["blocked_url", `'${ref}' leads to ${scheme}`] };
      }
      element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      const box = element.getClientRects()[0] ?? element.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) return { error: ["not_visible", `'${ref}' has no size`] };
      const x = box.left + box.width / 2;
      const y = box.top + box.height / 2;
      const hit = element.getRootNode().elementFromPoint(x, y);
      const isIt = hit && (hit === element || element.contains(hit) || hit.contains(element) && hit.tagName === "LABEL" || [...(element.labels ?? [])].some((label) => label.contains(hit)));
      if (!isIt) {
        const what = hit ? `${hit.tagName.toLowerCase()} '${tidy(hit.innerText ?? "").slice(0, 60)}'` : "something outside the window";
        return { error: ["obscured", `'${ref}' lies under ${what}`] };
      }
      return { x, y };
    },
    edit(ref) {
      const element = resolve(ref);
      if (!element) return stale(ref);
      if (!isVisible(element)) return { error: ["not_visible", `'${ref}' is not visible`] };
      if (element.disabled) return { error: ["disabled", `'${ref}' is disabled`] };
      const isText = element.tagName === "TEXTAREA" || element.isContentEditable
        || (element.tagName === "INPUT" && roleOf(element) !== null && !["checkbox", "radio", "button", "submit", "reset", "image", "file", "range"].includes(element.type));
      if (!isText || element.readOnly) return { error: ["not_editable", `'${ref}' takes no text`] };
      element.scrollIntoView({ block: "center", behavior: "instant" });
      const box = element.getBoundingClientRect();
      const hit = element.getRootNode().elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      if (!hit || !(hit === element || element.contains(hit))) {
        return { error: ["obscured", `'${ref}' lies under ${hit ? hit.tagName.toLowerCase() + " '" + tidy(hit.innerText ?? "").slice(0, 60) + "'" : "something"}`] };
      }
      element.focus();
      element.select?.();
      return { native: ["date", "time", "month", "week", "color", "datetime-local"].includes(element.type) };
    },
    set(ref, value) {
      const element = resolve(ref);
      if (!element) return stale(ref);
      element.value = value;
      element.dispatchEvent(new Event("input", { bubbles: true }));
      element.dispatchEvent(new Event("change", { bubbles: true }));
      return {};
    },
    select(ref, wanted) {
      const element = resolve(ref);
      if (!element) return stale(ref);
      if (element.tagName !== "SELECT") return { error: ["not_editable", `'${ref}' is no list of options`] };
      if (element.disabled) return { error: ["disabled", `'${ref}' is disabled`] };
      const match = [...element.options].find((option) => tidy(option.textContent) === wanted)
        ?? [...element.options].find((option) => option.value === wanted);
      if (!match) {
        const there = [...element.options].slice(0, 30).map((option) => tidy(option.textContent)).join(", ");
        return { error: ["no_such_option", `no option '${wanted}'; there are ${there}`] };
      }
      match.selected = true;
      element.dispatchEvent(new Event("input", { bubbles: true }));
      element.dispatchEvent(new Event("change", { bubbles: true }));
      return {};
    },
    scroll(ref, by) {
      if (ref !== null) {
        const element = resolve(ref);
        if (!element) return stale(ref);
        element.scrollIntoView({ block: "center", behavior: "instant" });
      } else {
        window.scrollBy({ top: by, behavior: "instant" });
      }
      const end = document.documentElement.scrollHeight - innerHeight;
      return { y: Math.round(scrollY), end: Math.max(0, Math.round(end)) };
    },
    stayed() { navigating = false; return {}; },
    settle(quietMs, capMs) {
      return new Promise((done) => {
        const began = performance.now();
        let timer = 0;
        const finish = () => { watcher.disconnect(); done({ navigating, ready: document.readyState === "complete" }); };
        const watcher = new MutationObserver(() => {
          clearTimeout(timer);
          if (performance.now() - began > capMs) finish(); else timer = setTimeout(finish, quietMs);
        });
        watcher.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
        timer = setTimeout(finish, quietMs);
      });
    },
  };
}
