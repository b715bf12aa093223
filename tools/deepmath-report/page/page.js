// The page: header, table, plots, browser and facts, from the data that lies in it.

function make(name, className, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

function verdict(outcome) {
  if (outcome === "right") return ["right", "✓"];
  if (outcome === "wrong") return ["wrong", "✗"];
  return ["other", "–"];
}

function list(pairs) {
  return make("dl", "", ...pairs.filter(([, text]) => text !== "" && text !== undefined)
    .flatMap(([name, text]) => [make("dt", "", name), make("dd", "", text)]));
}

/// Text with what was searched for marked.
function marked(text, words) {
  if (!words) return [text];
  const parts = [];
  const lower = text.toLowerCase();
  let from = 0;
  // Lower case may change the length of rare letters; then nothing is marked.
  while (lower.length === text.length && parts.length < 2000) {
    const at = lower.indexOf(words, from);
    if (at < 0) break;
    parts.push(text.slice(from, at), make("mark", "", text.slice(at, at + words.length)));
    from = at + words.length;
  }
  return [...parts, text.slice(from)];
}

/// A model turn with its code set apart.
function written(text, words) {
  const element = make("div", "text");
  const code = /(<tool_call>\n?)([\s\S]*?)(<\/tool_call>|$)|(```py(?:thon)?\n)([\s\S]*?)(```|$)/g;
  let from = 0;
  for (const match of text.matchAll(code)) {
    element.append(...marked(text.slice(from, match.index), words),
      make("code", "", ...marked((match[2] ?? match[5]).replace(/\n$/, ""), words)));
    from = match.index + match[0].length;
  }
  element.append(...marked(text.slice(from), words));
  return element;
}

function drawTrace(episode, { turns, failure }, words) {
  const [id, statement, expected, subject, level] = episode.problem;
  const [kind, sign] = verdict(episode.outcome);
  const answer = make("span", kind, `${sign} ${episode.answer || "none"}`);
  const detail = document.getElementById("detail");
  detail.replaceChildren(
    make("h3", "", `${id}, sample ${episode.sample}`),
    make("div", "statement", ...marked(statement, words)),
    list([["expected", expected], ["answer", answer], ["verdict", episode.outcome.replaceAll("_", " ")],
      ["ended by", episode.finish.replaceAll("_", " ")], ["reward", short(episode.reward)],
      ["subject", [subject, level].filter((text) => text !== "").join(", ")]]),
    ...turns.map(([role, tokens, seconds, text, note]) => make("div", "turn " + role,
      make("h3", "", role, make("span", "", [`${tokens.toLocaleString("en")} tokens`, `${seconds} s`, note]
        .filter((part) => part !== "").join(" · "))),
      role === "model" ? written(text, words) : make("div", "text", ...marked(text, words)))));
  if (failure) detail.append(make("p", "wrong", failure));
  if (turns.length === 0) detail.append(make("p", "note", "It ended before its first turn."));
}

function drawTable(runs) {
  const lines = runs.flatMap((run) => run.table.map(([label]) => label));
  const labels = [...new Set(lines)];
  const table = document.getElementById("results");
  table.append(make("tr", "", make("th", "", ""), ...runs.map((run) => make("th", "", run.name))));
  for (const label of labels) {
    table.append(make("tr", "", make("td", "", label), ...runs.map((run) => {
      const [, value, remark] = run.table.find((line) => line[0] === label) ?? [label, "–", ""];
      return make("td", "", value, ...(remark ? [make("span", "interval", remark)] : []));
    })));
  }
  const notes = runs.flatMap((run) => run.notes.map((note) =>
    (runs.length > 1 && note.startsWith("to tell") ? run.name + ": " + note : note)));
  document.getElementById("notes").append(...[...new Set(notes)].map((note) => make("p", "note", note)));
}

function drawPage() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const names = data.runs.map((run) => run.name).join(", ");
  document.title = names + " · DeepMath";
  document.getElementById("title").textContent = names;
  const count = data.runs.reduce((sum, run) => sum + run.episodes.problem.length, 0);
  document.getElementById("lead").textContent =
    `${count.toLocaleString("en")} episodes. Made by deepmath-report ${data.madeAt}. ${data.note}`;
  drawTable(data.runs);
  if (data.runs.length > 1) {
    document.getElementById("legend").append(...data.runs.map((run, index) => {
      const swatch = make("span", "swatch");
      swatch.style.background = color(index);
      return make("span", "", swatch, run.name);
    }));
  }
  drawPlots(data);
  new Browser(data);
  document.getElementById("facts").append(...data.runs.map((run) =>
    make("details", "", make("summary", "", run.name), list(Object.entries(run.facts)))));
}

drawPage();
