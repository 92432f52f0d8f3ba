// A question as it stands on the tablet, and which of them somebody is shown.
const h = (kind, is, ...inner) => {
  const made = document.createElement(kind);
  for (const [name, value] of Object.entries(is)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value != null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...inner.filter((one) => one != null));
  return made;
};
const drawing = (name, is) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(is)) made.setAttribute(key, value);
  return made;
};

// Rules are judged in order: the answer to a hidden question does not count for the next.
const shownOf = (asked, now) => {
  const told = { rating: now.rating == null ? [] : [String(now.rating)], why: now.text.trim() ? ["*"] : [] };
  const agreeing = asked.further.filter((one) => one.purpose === "contact").map((one) => one.key);
  const holds = ({ about, name, values, is_not }) => {
    const found = about === "answer" ? told[name] || [] : []; // nobody is known here
    return (values.length ? found.some((one) => values.includes(one)) : found.length > 0) !== is_not;
  };
  const fits = (rule) => !rule || !rule.conditions.length || (rule.any_of ? rule.conditions.some(holds) : rule.conditions.every(holds));
  return new Set(asked.further.filter((one) => {
    if (!fits(one.show_if)) return false;
    if (one.kind === "contact" && !agreeing.some((key) => (told[key] || []).includes("yes"))) return false;
    told[one.key] = seen(now.given[one.position]);
    return true;
  }).map((one) => one.position));
};
const seen = (given = {}) => {
  if (given.rating != null) return [String(given.rating)];
  if (given.choices && given.choices.length) return given.choices;
  return (given.text || "").trim() || Object.values(given.contact || {}).some((one) => one.trim()) ? ["*"] : [];
};
// What goes out: nothing in it takes back what was said before; own words only beside "other".
const answered = ({ position, kind, other }, given = {}) => {
  const choices = given.choices || [], sent = { position };
  if (given.rating != null) sent.rating = given.rating;
  if (choices.length) sent.choices = choices;
  if (kind === "open" || (other != null && choices.includes("other"))) sent.text = (given.text || "").trim();
  if (given.contact) sent.contact = Object.fromEntries(Object.entries(given.contact).map(([part, text]) => [part, text.trim()]));
  return sent;
};
// Options in an order of this visitor's own; fixed ones keep their place.
const mixed = ({ options, is_shuffled }) => {
  const found = [...options];
  if (!is_shuffled) return found;
  const places = found.flatMap((one, place) => one.is_fixed ? [] : [place]);
  const moving = places.map((place) => [Math.random(), found[place]]).sort((a, b) => a[0] - b[0]);
  places.forEach((place, number) => { found[place] = moving[number][1]; });
  return found;
};

// Faces, stars and thumbs where the survey is asked so; numbers else.
const face = (rating, value, steps, end) => {
  if (rating.presentation === "stars") return h("span", { "aria-hidden": "true" }, `${value} ★`);
  if (steps === 2) return end;
  if (rating.presentation !== "faces") return String(value);
  const svg = drawing("svg", { viewBox: "0 0 40 40", "aria-hidden": "true", class: "face" });
  const bend = ((value - rating.minimum) / (steps - 1) - 0.5) * 14;
  svg.append(drawing("circle", { cx: 20, cy: 20, r: 17 }), drawing("circle", { cx: 14, cy: 16, r: 1.4, class: "eye" }), drawing("circle", { cx: 26, cy: 16, r: 1.4, class: "eye" }), drawing("path", { d: `M12 ${26 - bend / 4} Q20 ${26 + bend} 28 ${26 - bend / 4}` }));
  return svg;
};
const scaleOf = (rating, chosen, label, choose) => {
  const steps = rating.maximum - rating.minimum + 1;
  const scale = h("div", { class: `scale${steps > 7 ? " many" : ""}`, role: label ? "group" : null, "aria-labelledby": label });
  for (let value = rating.minimum; value <= rating.maximum; value++) {
    const end = value === rating.minimum ? rating.low_label : value === rating.maximum ? rating.high_label : "";
    scale.append(h("button", {
      type: "button", class: "step", value, "aria-pressed": chosen === value ? "true" : "false",
      "aria-label": end ? (steps === 2 ? end : `${value}, ${end}`) : String(value),
      onclick: (e) => e.isTrusted && choose(value, scale),
    }, face(rating, value, steps, end)));
  }
  scale.style.setProperty("--steps", steps);
  const ends = steps === 2 ? null : h("div", { class: "ends", "aria-hidden": "true" }, h("span", {}, rating.low_label), h("span", {}, rating.high_label));
  return [scale, ends].filter(Boolean);
};

// One further question. `tell` keeps what is touched at once; what is typed waits for the next step.
const blockOf = (one, now, words, tell) => {
  const id = `q${one.position}`, kind = one.kind;
  const given = now.given[one.position] = now.given[one.position] || {};
  const hint = one.hint ? h("p", { class: "small", id: `${id}h` }, one.hint) : null;
  const about = hint ? `${id}h` : null;
  const typed = (named, value, keep, more) => {
    const field = h(more.rows ? "textarea" : "input", { id: named, autocomplete: "off", ...more, oninput: () => { keep(field.value); now.isFresh = true; } });
    field.value = value || "";
    return field;
  };
  const boxed = (...inner) => h("fieldset", { class: "block", "data-position": one.position, "aria-describedby": about }, h("legend", { class: "ask", id }, one.text), hint, ...inner);
  if (kind === "open") return h("div", { class: "block", "data-position": one.position }, h("label", { class: "ask", for: `${id}t` }, one.text), hint,
    typed(`${id}t`, given.text, (text) => { given.text = text; }, { rows: 3, maxlength: 5000, "aria-describedby": about }));
  if (kind === "consent") return h("div", { class: "block", "data-position": one.position }, hint, choice(id, "checkbox", "yes", one.text, given, about, (on) => { given.choices = on ? ["yes"] : []; tell(); }));
  if (kind === "contact") {
    const told = given.contact = given.contact || {};
    const kinds = { name: ["text", 200], email: ["email", 254], phone: ["tel", 40] };
    return boxed(...one.fields.flatMap((part) => [h("label", { class: "line", for: id + part }, words[part]),
      typed(id + part, told[part], (text) => { told[part] = text; }, { type: kinds[part][0], maxlength: kinds[part][1], autocapitalize: part === "name" ? "words" : "off" })]));
  }
  if (kind === "rating") return boxed(...scaleOf(one, given.rating, null, (value, scale) => {
    given.rating = given.rating === value ? null : value;
    for (const step of scale.children) step.setAttribute("aria-pressed", String(given.rating === Number(step.value)));
    tell();
  }));
  return boxed(...choicesOf(one, given, id, now, words, tell, typed));
};
const choice = (id, type, key, text, given, about, change) => {
  const box = h("input", { type, id: `${id}_${key}`, name: id, value: key, "aria-describedby": about, onchange: () => change(box.checked) });
  box.checked = (given.choices || []).includes(key);
  return h("div", { class: "choice" }, box, h("label", { for: box.id }, text));
};
const choicesOf = (one, given, id, now, words, tell, typed) => {
  const isMany = one.kind === "multiple", type = isMany ? "checkbox" : "radio";
  const order = now.orders[one.position] = now.orders[one.position] || mixed(one).map((option) => option.key);
  const texts = Object.fromEntries(one.options.map((option) => [option.key, option.text]));
  if (one.other != null) texts.other = one.other;
  const own = typed(`${id}o`, given.text, (text) => { given.text = text; }, { type: "text", maxlength: 500, "aria-label": one.other });
  const list = h("div", { class: "choices" });
  const settle = () => {
    const chosen = given.choices || [], isFull = isMany && one.most && chosen.length >= one.most;
    for (const box of list.querySelectorAll("input")) box.disabled = Boolean(isFull && !box.checked);
    own.hidden = !chosen.includes("other");
  };
  for (const key of one.other == null ? order : [...order, "other"]) {
    list.append(choice(id, type, key, texts[key], given, null, (on) => {
      given.choices = isMany ? [...(given.choices || []).filter((chosen) => chosen !== key), ...(on ? [key] : [])] : [key];
      settle();
      if (key === "other" && on) own.focus();
      tell();
    }));
  }
  settle();
  const most = !isMany ? null : h("p", { class: "small" }, one.most ? words.most.replace("%(most)s", one.most) : words.many);
  return [most, list, one.other == null ? null : own].filter(Boolean);
};
