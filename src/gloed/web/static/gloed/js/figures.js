// Draws the figures of a page: <div data-figure="ID of the JSON spec" data-says="alternative text">.
// Vega is fetched from our own server, once, and only when a page has a figure. Expressions are
// interpreted, not compiled, so the page needs no permission to evaluate code.
(() => {
  "use strict";

  const bundle = document.currentScript.dataset.vega;

  // A specification is made in the colours of light paper; in the page each becomes its token, so
  // that dark, print and a switch of theme need no new drawing.
  const TOKENS = {
    "#fbfaf7": "var(--paper)",
    "#f4f1ea": "var(--wash)",
    "#1d1b18": "var(--ink)",
    "#6b655d": "var(--quiet)",
    "#e6e1d8": "var(--line)",
    "#8c857a": "var(--edge)",
    "#b3410e": "var(--ember)",
    "#f9e3d5": "var(--glow)",
    "#b4432f": "var(--detractor)",
    "#a8a29a": "var(--passive)",
    "#1f7a6d": "var(--promoter)",
    "#fffefc": "var(--on-promoter)",
  };

  const DUTCH = {
    number: { decimal: ",", thousands: ".", grouping: [3], currency: ["€\u00a0", ""], minus: "\u2212" },
    time: {
      dateTime: "%a %e %b %Y %X", date: "%d-%m-%Y", time: "%H:%M:%S", periods: ["a.m.", "p.m."],
      days: ["zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"],
      shortDays: ["zo", "ma", "di", "wo", "do", "vr", "za"],
      months: ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"],
      shortMonths: ["jan.", "feb.", "mrt.", "apr.", "mei", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec."],
    },
  };

  let loading = null;
  const vega = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.type = "module"; // keeps the names of the bundle to itself
      script.src = bundle;
      script.onload = () => resolve(window.vegaEmbed);
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  };

  const inTokens = (value) => {
    if (typeof value === "string") return TOKENS[value.toLowerCase()] ?? value;
    if (Array.isArray(value)) return value.map(inTokens);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, key === "data" || key === "datasets" ? part : inTokens(part)]));
    }
    return value;
  };

  const fitted = (spec) => {
    const isSingle = !["facet", "repeat", "concat", "hconcat", "vconcat", "spec"].some((key) => key in spec);
    if (!isSingle || typeof spec.width === "object") return spec;
    return { ...spec, width: "container", autosize: { type: "fit-x", contains: "padding", ...spec.autosize } };
  };

  const draw = async (canvas) => {
    const source = document.getElementById(canvas.dataset.figure);
    if (!source || canvas.dataset.state) return;
    canvas.dataset.state = "drawing";
    const spec = fitted(inTokens(JSON.parse(source.textContent)));
    spec.config = { ...spec.config, aria: false };
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", canvas.dataset.says);
    const isDutch = document.documentElement.lang.startsWith("nl");
    const embed = await vega();
    await embed(canvas, spec, {
      mode: "vega-lite", renderer: "svg", ast: true, actions: false, logLevel: 1, defaultStyle: false,
      tooltip: { disableDefaultStyle: true },
      ...(isDutch ? { formatLocale: DUTCH.number, timeFormatLocale: DUTCH.time } : {}),
    });
    canvas.querySelector("svg")?.setAttribute("aria-hidden", "true"); // the sentence speaks for it
    canvas.dataset.state = "drawn";
    canvas.classList.add("is-drawn");
  };

  const drawAll = (root) => {
    for (const canvas of root.querySelectorAll("[data-figure]")) {
      // Without a drawing the sentence and the numbers still stand there: open them.
      draw(canvas).catch(() => {
        canvas.dataset.state = "withheld";
        canvas.hidden = true;
        canvas.closest("figure")?.querySelector("details")?.setAttribute("open", "");
      });
    }
  };

  drawAll(document);
  document.addEventListener("htmx:afterSettle", (event) => drawAll(event.target.parentNode ?? document));
})();
