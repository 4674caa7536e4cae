/* Suggestions under the search box.  The page works the same without this file. */
(() => {
  "use strict";
  const input = document.querySelector("input[data-suggest]");
  if (!input || !window.fetch || !window.AbortController) return;

  const list = document.createElement("ul");
  list.id = "suggestions";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0] ? input.labels[0].textContent : "");
  list.lang = "vi";
  list.hidden = true;
  input.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) {
    input.setAttribute(name, value);
  }

  let typed = input.value;
  let at = -1;
  let timer = 0;
  let request = null;

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const select = (index) => {
    const rows = list.children;
    if (rows[at]) rows[at].setAttribute("aria-selected", "false");
    at = index;
    if (!rows[at]) {
      at = -1;
      input.value = typed;
      input.removeAttribute("aria-activedescendant");
      return;
    }
    rows[at].setAttribute("aria-selected", "true");
    rows[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", rows[at].id);
    input.value = rows[at].textContent;
  };

  const show = (texts) => {
    list.replaceChildren(...texts.map((text, i) => {
      const row = document.createElement("li");
      row.id = `suggestion-${i}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      row.textContent = text;
      return row;
    }));
    at = -1;
    list.hidden = texts.length === 0;
    input.setAttribute("aria-expanded", String(texts.length > 0));
  };

  /* An answer that comes late must not undo what was chosen or closed meanwhile. */
  const forget = () => {
    clearTimeout(timer);
    if (request) request.abort();
  };

  const ask = async () => {
    forget();
    if (typed.trim().length < 2) return close();
    request = new AbortController();
    try {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: request.signal });
      if (!answer.ok) return close();
      const found = (await answer.json()).suggestions.map((one) => one.text);
      if (document.activeElement === input) show(found.filter((text) => text !== typed));
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  input.addEventListener("input", (event) => {
    typed = input.value;
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, 90);
  });
  input.addEventListener("compositionend", () => {
    typed = input.value;
    timer = setTimeout(ask, 90);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" || (!list.hidden && /^Arrow(Up|Down)$/.test(event.key))) forget();
    if (list.hidden) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown") select(at >= last ? -1 : at + 1);
    else if (event.key === "ArrowUp") select(at < 0 ? last : at - 1);
    else if (event.key === "Escape") {
      input.value = typed;
      close();
    } else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    const row = event.target.closest("li");
    if (!row) return;
    event.preventDefault();
    input.value = row.textContent;
    input.form.requestSubmit();
  });
  input.addEventListener("blur", () => {
    forget();
    close();
  });
})();
