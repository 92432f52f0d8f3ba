// The wall of Gloed on a page of somebody else: words that customers agreed to show.
// No cookie, no storage, no framework, no HTML from strings. It asks for the feed and draws it.
(() => {
  "use strict";
  const tag = document.currentScript || document.querySelector("script[src*='/customers-say/embed.js']");
  if (!tag) return;
  const base = tag.src.replace(/embed\.js.*$/, "");
  const STYLE = `
:host{all:initial;display:block;--ink:#1d1b18;--quiet:#6b655d;--line:#e6e1d8;color-scheme:light}
@media(prefers-color-scheme:dark){:host([theme=auto]){--ink:#efebe4;--quiet:#a9a299;--line:#33302b;color-scheme:dark}}
:host([theme=dark]){--ink:#efebe4;--quiet:#a9a299;--line:#33302b;color-scheme:dark}
*{box-sizing:border-box;margin:0;padding:0}
section{font:400 16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:var(--ink);overflow-wrap:anywhere}
ul{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,18rem),1fr));gap:24px;list-style:none}
li{padding-block-start:16px;border-block-start:1px solid var(--line)}
blockquote{font:400 18px/1.5 Charter,"Bitstream Charter","Sitka Text",Cambria,Georgia,"Noto Serif",serif;white-space:pre-line}
footer,p{margin-block-start:8px;color:var(--quiet);font-size:14px}`;

  const h = (kind, is, ...inner) => {
    const made = document.createElement(kind);
    for (const [key, value] of Object.entries(is)) if (value) made.setAttribute(key, value);
    made.append(...inner);
    return made;
  };
  const styled = (root) => {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
    } catch {
      const sheet = h("style", {});
      sheet.nonce = tag.nonce;
      sheet.textContent = STYLE;
      root.append(sheet);
    }
  };
  const draw = (place, it) => {
    if (!it.quotes.length) return;
    const most = Number(place.dataset.most) || it.quotes.length;
    const host = h("gloed-wall", { theme: place.dataset.theme || "light" });
    const root = host.attachShadow({ mode: "open" });
    styled(root);
    const quotes = it.quotes.slice(0, most).map(({ words, name, language }) =>
      h("li", { lang: language }, h("blockquote", {}, words), h("footer", {}, name)));
    root.append(h("section", { "aria-label": it.statement }, h("ul", {}, ...quotes), h("p", {}, it.statement)));
    place.replaceChildren(host);
  };
  const start = () => {
    for (const place of document.querySelectorAll("[data-gloed-wall]")) {
      if (place.dataset.gloedDrawn) continue;
      place.dataset.gloedDrawn = "yes";
      const language = place.dataset.language || document.documentElement.lang.slice(0, 2);
      const query = new URLSearchParams({ l: language });
      if (place.dataset.only) query.set("only", place.dataset.only);
      fetch(`${base}${encodeURIComponent(place.dataset.gloedWall)}/feed.json?${query}`, { credentials: "omit", referrerPolicy: "no-referrer" })
        .then((answer) => (answer.ok ? answer.json() : null))
        .then((it) => it && draw(place, it))
        .catch(() => { /* the page stays as it is */ });
    }
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
