/* The page works the same without this file: it adds keys, buttons and suggestions under the search box.
   On a page of another site (<script src=".../static/dau.js" data-embed defer>) it gives suggestions to the forms that
   search here, and nothing else; the server must allow that site (--cors). */
(() => {
  "use strict";
  if ("embed" in document.currentScript.dataset) return;
  const field = document.getElementById("q");
  const typing = (node) => node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName);
  const hits = () => [...document.querySelectorAll(".hit h2 a")];

  /* `/` to the box, arrows through the hits, Escape out of the sheet of filters; never while something is typed. */
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (event.key === "/" && field) {
      field.focus();
      field.select();
    } else if (event.key === "Escape" && location.hash === "#filters") {
      location.hash = "#main";
    } else if (/^Arrow(Up|Down)$/.test(event.key)) {
      const all = hits(), at = all.indexOf(document.activeElement);
      if (at < 0 && !(event.key === "ArrowDown" && document.activeElement.closest("#main"))) return;
      const next = all[at + (event.key === "ArrowDown" ? 1 : -1)];
      if (!next) return;
      next.focus();
      next.closest(".hit").scrollIntoView({ block: "nearest" });
    } else return;
    event.preventDefault();
  });

  for (const button of document.querySelectorAll("[data-print], [data-copy]")) {
    button.hidden = !("print" in button.dataset || navigator.clipboard);
    button.addEventListener("click", () => {
      if ("print" in button.dataset) return window.print();
      const source = document.getElementById(button.dataset.copy);
      navigator.clipboard.writeText(source.value).catch(() => source.select());
    });
  }

  /* Kept searches: the ones that were asked for, in this browser alone, by their addresses; each archive has its own. */
  const saved = document.querySelector("[data-saved]"), save = document.querySelector("[data-save]");
  const place = (saved ? saved.dataset.saved : save ? save.dataset.save : "").replace(/\?.*/, "");
  const kept = () => {
    try {
      const found = JSON.parse(localStorage.getItem(`dau.saved ${place}`));
      const own = (url) => String(url).startsWith(place) && !String(url).startsWith("//");
      return found.filter((one) => own(one.url) && own(one.feed));
    } catch {  // nothing is kept, or what stands there is not ours
      return [];
    }
  };
  const keep = (list) => {
    try {
      if (list.length) localStorage.setItem(`dau.saved ${place}`, JSON.stringify(list));
      else localStorage.removeItem(`dau.saved ${place}`);
    } catch { /* full, or forbidden: the button stays as it was */ }
  };
  if (save) {
    const { save: url, feed, title } = save.dataset;
    const show = () => save.setAttribute("aria-pressed", String(kept().some((one) => one.url === url)));
    save.hidden = false;
    save.addEventListener("click", () => {
      const others = kept().filter((one) => one.url !== url);
      keep(others.length < kept().length ? others : [{ url, feed, title }, ...others]);
      show();
    });
    show();
    window.addEventListener("pageshow", show);
  }
  if (saved) {
    const empty = document.querySelector("[data-empty]"), row = document.getElementById("saved").content.firstElementChild;
    const show = () => {
      const list = kept();
      saved.replaceChildren(...list.map((one) => {
        const item = row.cloneNode(true), [address, feed] = item.querySelectorAll("a");
        Object.assign(address, { href: one.url, textContent: one.title || one.url });
        feed.href = one.feed;
        item.querySelector("button").addEventListener("click", () => {
          keep(kept().filter((other) => other.url !== one.url));
          show();
          (saved.querySelector("button") || document.getElementById("main")).focus();
        });
        return item;
      }));
      saved.hidden = empty.hidden = !list.length;
      document.querySelector("[data-none]").hidden = list.length > 0;
    };
    empty.addEventListener("click", () => {
      keep([]);
      show();
      document.getElementById("main").focus();
    });
    window.addEventListener("storage", show);
    show();
  }

  /* The field in a long list of a facet narrows the list while one types. */
  for (const find of document.querySelectorAll(".find input:not([type=hidden])")) {
    const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
    const rows = [...find.closest(".rest").querySelectorAll(":scope > ul > li")];
    find.addEventListener("input", () => {
      for (const row of rows) row.hidden = !plain(row.textContent).includes(plain(find.value.trim()));
    });
  }
})();

/* Suggestions under the search box. */
(() => {
  "use strict";
  if (!window.fetch || !window.AbortController) return;
  const embedded = "embed" in document.currentScript.dataset, home = new URL("..", document.currentScript.src).href;
  const boxes = embedded
    ? [...document.forms].filter((form) => form.action.split("?")[0] === home).map((form) => form.elements.q)
    : [document.querySelector("input[data-suggest]")];
  boxes.filter(Boolean).forEach(suggest);
  if (embedded && boxes.length) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      .dau-suggestions { position: absolute; z-index: 99; margin: 0; padding: 0; list-style: none; text-align: left;
        max-height: 60vh; overflow-y: auto; background: Canvas; color: CanvasText; border: 1px solid GrayText; }
      .dau-suggestions li { padding: .4em .8em; cursor: pointer; }
      .dau-suggestions li[aria-selected=true], .dau-suggestions li:hover { background: Highlight; color: HighlightText; }
      .dau-told { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }

  function suggest(input, number) {
    const list = document.createElement("ul");
    list.id = `suggestions${number || ""}`;
    list.className = embedded ? "dau-suggestions" : "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels[0]?.textContent || input.getAttribute("aria-label") || "");
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
    let refused = false;
    const address = embedded ? `${home}api/suggest` : input.dataset.suggest;

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
      input.value = rows[at].dataset.text;
    };

    const words = JSON.parse(input.dataset.words || "{}");
    const told = document.createElement("div");
    told.className = embedded ? "dau-told" : "visually-hidden";
    told.setAttribute("role", "status");
    input.form.append(told);
    const count = new Intl.NumberFormat(document.documentElement.lang || undefined);

    const show = (found) => {
      list.replaceChildren(...found.map((one, i) => {
        const row = document.createElement("li");
        row.id = `${list.id}-${i}`;
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", "false");
        const text = document.createElement("span"), kind = document.createElement("small");
        text.textContent = row.dataset.text = one.text;
        kind.lang = document.documentElement.lang;
        const known = [words[one.kind], words[one.kind] && one.count > 1 ? count.format(one.count) : ""];
        kind.textContent = known.filter(Boolean).join(" · ");
        row.append(text, " ", kind);
        return row;
      }));
      at = -1;
      if (embedded) {
        const { offsetLeft: left, offsetTop: top, offsetHeight: height, offsetWidth: width } = input;
        Object.assign(list.style, { left: `${left}px`, top: `${top + height}px`, minWidth: `${width}px` });
      }
      list.hidden = found.length === 0;
      input.setAttribute("aria-expanded", String(found.length > 0));
      told.textContent = found.length ? (words.found || "").replace("{n}", found.length) : "";
    };

    /* An answer that comes late must not undo what was chosen or closed meanwhile. */
    const forget = () => {
      clearTimeout(timer);
      if (request) request.abort();
    };

    const ask = async () => {
      forget();
      if (refused || typed.trim().length < 2) return close();
      request = new AbortController();
      try {
        const answer = await fetch(`${address}?q=${encodeURIComponent(typed)}`, { signal: request.signal });
        if (!answer.ok) return close();
        const found = (await answer.json()).suggestions;
        if (document.activeElement === input) show(found.filter((one) => one.text !== typed));
      } catch (error) {
        if (error.name === "AbortError") return;
        refused = embedded;  // this site is not allowed: the form works without suggestions
        close();
      }
    };

    /* Also while a word is being composed: most Vietnamese keyboards compose every word. */
    input.addEventListener("input", () => {
      typed = input.value;
      clearTimeout(timer);
      timer = setTimeout(ask, 90);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape" || (!list.hidden && /^Arrow(Up|Down)$/.test(event.key))) forget();
      if (list.hidden) {
        if (event.key === "ArrowDown" && typed.trim()) {
          event.preventDefault();
          ask();
        }
        return;
      }
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
      event.preventDefault();  // the box keeps the focus
      if (!row || event.button !== 0) return;
      input.value = row.dataset.text;
      input.form.requestSubmit();
    });
    input.addEventListener("blur", () => {
      forget();
      close();
    });
  }
})();
