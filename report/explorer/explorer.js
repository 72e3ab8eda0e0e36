"use strict";
// Everything that comes from data is set as text, never as HTML.
const data = JSON.parse(document.getElementById("data").textContent);
const main = document.getElementById("content");
const byId = new Map(data.numbers.map((number, place) => [number.id, place]));
const MOST_SHOWN = 200;

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}
const link = (parts, text) => element("a", { href: "#" + parts.map(encodeURIComponent).join("/") }, text);
const count = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

function table(headers, rows, caption) {
  const head = element("tr", {}, ...headers.map((text) => element("th", { scope: "col" }, text)));
  const body = rows.map((cells) => element("tr", {}, ...cells.map((cell) => element("td", {}, cell))));
  return element("div", { class: "box", tabindex: "0", role: "region", "aria-label": caption },
    element("table", {}, element("caption", {}, caption), element("thead", {}, head), element("tbody", {}, ...body)));
}

function some(items, show, noun) {
  const shown = items.slice(0, MOST_SHOWN);
  const more = items.length - shown.length;
  const made = [show(shown)];
  if (more > 0) {
    const button = element("button", { type: "button" }, `Show ${count(more, "more " + noun)}`);
    const box = element("div", {}, button);
    button.addEventListener("click", () => box.replaceChildren(show(items.slice(MOST_SHOWN))));
    made.push(box);
  }
  return made;
}

function showNumbers(wanted = "") {
  const input = element("input", { id: "search", type: "search", autocomplete: "off" });
  input.value = wanted;
  const told = element("p", { role: "status" });
  const list = element("div");
  const fill = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = data.numbers.filter((number) => {
      const text = `${number.id} ${number.method} ${number.population} ${number.display}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    told.textContent = count(found.length, "number");
    list.replaceChildren(...some(found, (part) => table(["Id", "Value", "What it is"],
      part.map((number) => [link(["number", number.id], number.id), number.display ?? "", number.method]), "Numbers"), "number"));
  };
  input.addEventListener("input", fill);
  fill();
  return [element("h2", {}, "Numbers"), element("label", { for: "search" }, "Search in ids, methods, populations and values"), input, told, list];
}

function showRow(name, place) {
  const here = data.tables[name];
  const row = here.rows[place];
  const cells = data.lineage.rows[name][place];
  const facts = element("dl");
  here.columns.forEach((column, at) => {
    if (row[at] === "") return;
    const value = column === "subject_id" ? link(["patient", row[at]], row[at]) : row[at];
    facts.append(element("dt", {}, column), element("dd", {}, value));
  });
  const numbers = data.numbers.filter((number) => number.table === name && number.rows.includes(place));
  return [element("h2", {}, `Row ${row[0]} of ${name}`), facts,
    element("h3", {}, `Made of ${count(cells.length, "raw cell")}`), ...showCells(cells),
    element("h3", {}, `In ${count(numbers.length, "number")}`),
    ...some(numbers, (part) => element("ul", {}, ...part.map((number) => element("li", {}, link(["number", number.id], number.id), `: ${number.display}`))), "number")];
}

function showCells(cells) {
  return some(cells, (part) => table(["File and line", "Column", "Role", "The line"], part.map(([file, line, column, decided]) => {
    const lines = data.raw[data.lineage.files[file]];
    const text = lines && line > 0 ? lines[line - 1] : "";
    return [link(["line", data.lineage.files[file], line], `${data.lineage.files[file]}:${line}`), data.lineage.columns[column],
      decided ? "decided" : "contributed", text ?? ""];
  }), "Raw cells"), "cell");
}

function showNumber(id) {
  const number = data.numbers[byId.get(id)];
  if (!number) return [element("h2", {}, "Unknown number"), element("p", {}, `There is no number ${id}.`), ...showNumbers(id)];
  const facts = element("dl");
  const add = (name, value) => value !== null && value !== undefined && value !== "" && facts.append(element("dt", {}, name), element("dd", {}, value));
  add("Printed as", number.display);
  add("Value", String(number.value ?? "none"));
  add("Unit", number.unit);
  add("Reason", number.reason);
  add("What it is", number.method);
  add("Population", number.population);
  add("Made by", link(["rule", number.rule], number.rule));
  add("Table", number.table);
  add("Rows it is made of", element("pre", {}, number.selected_sql));
  add("Population's rows", element("pre", {}, number.considered_sql));
  const made = [element("h2", {}, number.id), facts];
  if (data.rows_left_out) {
    made.push(element("p", {}, "The rows are not on this page: there are too many patients. In the project's folder:"),
      element("pre", {}, `./run graftline trace ${number.id}`));
    return made;
  }
  const here = data.tables[number.table];
  const shown = here.columns.slice(0, 9);
  const details = element("details", { open: "" }, element("summary", {}, `${count(number.rows.length, "row")} of ${number.table} (of ${number.n_considered} considered)`),
    ...some(number.rows, (part) => table(shown, part.map((place) => here.rows[place].slice(0, 9).map((text, at) => at ? text : link(["row", number.table, place], text))), `Rows of ${number.table}`), "row"));
  made.push(details);
  return made;
}

function showPatients() {
  if (data.rows_left_out) return [element("h2", {}, "Patients"), element("p", {}, `${count(data.about.rows, "row")} are too many for a page (at most ${data.about.most_rows}). In the project's folder, with a patient's identifier:`), element("pre", {}, "./run graftline trace subject:ID")];
  const names = new Set();
  for (const here of Object.values(data.tables)) {
    const at = here.columns.indexOf("subject_id");
    if (at >= 0) here.rows.forEach((row) => row[at] && names.add(row[at]));
  }
  return [element("h2", {}, "Patients"), element("ul", {}, ...[...names].sort().map((name) => element("li", {}, link(["patient", name], name))))];
}

function showPatient(id) {
  const made = [element("h2", {}, `Patient ${id}`)];
  const raw = new Set();
  const rowsOf = new Map();
  for (const [name, here] of Object.entries(data.tables)) {
    const at = here.columns.indexOf("subject_id");
    if (at < 0) continue;
    const places = here.rows.map((row, place) => (row[at] === id ? place : -1)).filter((place) => place >= 0);
    if (!places.length) continue;
    rowsOf.set(name, new Set(places));
    places.forEach((place) => data.lineage.rows[name][place].forEach(([file, line]) => raw.add(`${file}:${line}`)));
  }
  if (!rowsOf.size) return [...made, element("p", {}, "There is no row of this patient.")];
  const lines = [...raw].map((text) => text.split(":").map(Number)).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  made.push(element("h3", {}, `Raw lines (${lines.length})`), ...some(lines, (part) => table(["File and line", "The line"], part.map(([file, line]) => {
    const name = data.lineage.files[file];
    return [link(["line", name, line], `${name}:${line}`), (data.raw[name] && data.raw[name][line - 1]) ?? ""];
  }), "Raw lines of the patient"), "line"));
  for (const [name, places] of rowsOf) {
    const here = data.tables[name];
    made.push(element("h3", {}, `${name} (${places.size})`), ...some([...places], (part) => table(here.columns, part.map((place) => here.rows[place].map((text, at) => at ? text : link(["row", name, place], text))), name), "row"));
  }
  const numbers = data.numbers.filter((number) => rowsOf.has(number.table) && number.rows.some((place) => rowsOf.get(number.table).has(place)));
  made.push(element("h3", {}, `In ${count(numbers.length, "number")}`),
    ...some(numbers, (part) => element("ul", {}, ...part.map((number) => element("li", {}, link(["number", number.id], number.id), `: ${number.display}`))), "number"));
  return made;
}

function showLine(file, line) {
  const lines = data.raw[file];
  const at = data.lineage.files.indexOf(file);
  const made = [element("h2", {}, `${file}, line ${line}`)];
  if (lines) made.push(element("pre", {}, `${lines[0]}\n`, element("mark", {}, lines[line - 1] ?? "")));
  const rows = [];
  for (const [name, cells] of Object.entries(data.lineage.rows)) {
    cells.forEach((one, place) => one.some((cell) => cell[0] === at && cell[1] === Number(line)) && rows.push([name, place]));
  }
  made.push(element("h3", {}, `In ${count(rows.length, "derived row")}`),
    ...some(rows, (part) => element("ul", {}, ...part.map(([name, place]) => element("li", {}, `${name}: `, link(["row", name, place], data.tables[name].rows[place][0])))), "row"));
  return made;
}

function showRules() {
  const rules = Object.entries(data.rules).sort((a, b) => a[1].place - b[1].place || (a[0] < b[0] ? -1 : 1));
  const maker = new Map();
  rules.forEach(([name, rule]) => rule.outputs.forEach((path) => maker.set(path, name)));
  const links = (names) => element("span", {}, ...names.flatMap((name, at) => (at ? [", ", link(["rule", name], name)] : [link(["rule", name], name)])));
  return [element("h2", {}, "Rules"), element("p", {}, "In an order in which they can run; each with the rules whose files it reads."),
    table(["Rule", "What it does", "Reads what these made", "Numbers"], rules.map(([name, rule]) => {
      const before = [...new Set(rule.inputs.map((path) => maker.get(path)).filter(Boolean))].sort();
      return [link(["rule", name], name), rule.message, links(before), String(data.numbers.filter((number) => number.rule === name).length)];
    }), "Rules")];
}

function showRule(name) {
  const rule = data.rules[name];
  if (!rule) return [element("h2", {}, `There is no rule ${name}`)];
  const list = (paths) => element("ul", {}, ...paths.map((path) => element("li", {}, path)));
  return [element("h2", {}, name), element("p", {}, `${rule.message} (${rule.script})`), element("h3", {}, "Reads"), list(rule.inputs), element("h3", {}, "Makes"), list(rule.outputs)];
}

function showLists() {
  const made = [element("h2", {}, "Queries and corrections")];
  for (const [name, rows] of Object.entries(data.lists)) {
    made.push(element("h3", {}, name), rows.length > 1 ? table(rows[0], rows.slice(1), name) : element("p", {}, "None."));
  }
  return made;
}

const views = { numbers: showNumbers, number: showNumber, row: showRow, patients: showPatients, patient: showPatient, line: showLine, rules: showRules, rule: showRule, lists: showLists };

function show() {
  const [name, ...rest] = location.hash.slice(1).split("/").map(decodeURIComponent);
  if (name === "content") return;
  // A manuscript links to a number by its id alone.
  const made = byId.has(name) ? showNumber(name) : (views[name] || showNumbers)(...rest);
  main.replaceChildren(...made);
  document.querySelectorAll("nav a").forEach((one) => {
    if (one.hash === "#" + name) one.setAttribute("aria-current", "page");
    else one.removeAttribute("aria-current");
  });
  document.title = main.querySelector("h2").textContent;
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
}
addEventListener("hashchange", show);
show();
