// The browser of traces: a list that draws only the rows in sight, and one trace at a time.

const ROW_HEIGHT = 46;
const ORDERS = {
  "as stored": null,
  "longest first": (left, right) => right.tokens - left.tokens,
  "shortest first": (left, right) => left.tokens - right.tokens,
  "highest reward": (left, right) => right.reward - left.reward,
  "lowest reward": (left, right) => left.reward - right.reward,
  "most tool calls": (left, right) => right.calls - left.calls,
};

class Browser {
  constructor(data) {
    this.data = data;
    this.form = document.getElementById("filters");
    this.list = document.getElementById("list");
    this.rows = document.getElementById("rows");
    this.blocks = new Map();
    this.episodes = data.runs.flatMap((run, runIndex) => run.episodes.problem.map((problem, row) => ({
      run: runIndex, row, problem: run.problems[problem] ?? ["?", "", "", "", ""],
      sample: run.episodes.sample[row], outcome: data.outcomes[run.episodes.outcome[row]],
      finish: data.finishes[run.episodes.finish[row]], tokens: run.episodes.tokens[row],
      calls: run.episodes.calls[row], reward: run.episodes.reward[row], answer: run.episodes.answer[row],
    })));
    for (const episode of this.episodes) {
      episode.words = [...episode.problem, episode.answer].join("\n").toLowerCase();
    }
    this.fillSelects();
    this.readAddress();
    this.form.addEventListener("input", () => { this.filter(); this.writeAddress(); });
    this.list.addEventListener("scroll", () => this.draw(), { passive: true });
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.rows.addEventListener("click", (event) => {
      const row = event.target.closest(".row");
      if (row) this.choose(Number(row.dataset.index));
    });
    window.addEventListener("resize", () => this.draw());
    window.addEventListener("hashchange", () => { this.readAddress(); this.filter(); });
    this.filter();
  }

  fillSelects() {
    const choices = {
      run: this.data.runs.map((run, index) => [String(index), run.name]),
      outcome: this.used("outcome"), finish: this.used("finish"),
      subject: this.unique(3), level: this.unique(4),
      order: Object.keys(ORDERS).map((name) => [name, name]),
    };
    for (const [name, values] of Object.entries(choices)) {
      const select = this.form.elements[name];
      if (name !== "order") select.append(new Option("all", ""));
      for (const [value, text] of values) select.append(new Option(text, value));
      select.parentElement.hidden = values.length < 2;
    }
  }

  used(key) {
    return [...new Set(this.episodes.map((episode) => episode[key]))].sort()
      .map((value) => [value, value.replaceAll("_", " ")]);
  }

  unique(field) {
    return [...new Set(this.episodes.map((episode) => episode.problem[field]))].filter((value) => value !== "")
      .sort((left, right) => left.localeCompare(right, undefined, { numeric: true })).map((value) => [value, value]);
  }

  /// Filters and chosen trace are in the address, so that a view can be passed on.
  readAddress() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    for (const element of this.form.elements) {
      if (wanted.has(element.name)) element.value = wanted.get(element.name);
    }
    this.wanted = wanted.has("problem")
      ? { problem: wanted.get("problem"), sample: Number(wanted.get("sample") ?? 0) } : null;
  }

  writeAddress() {
    const state = new URLSearchParams();
    for (const element of this.form.elements) {
      if (element.value && element.value !== "as stored") state.set(element.name, element.value);
    }
    if (this.chosen) {
      state.set("problem", this.chosen.problem[0]);
      state.set("sample", this.chosen.sample);
    }
    history.replaceState(null, "", "#" + state);
  }

  filter() {
    const { run, outcome, finish, subject, level, order, search } = this.form.elements;
    this.words = search.value.trim().toLowerCase();
    const fits = this.episodes.filter((episode) =>
      (!run.value || episode.run === Number(run.value)) && (!outcome.value || episode.outcome === outcome.value)
      && (!finish.value || episode.finish === finish.value)
      && (!subject.value || episode.problem[3] === subject.value)
      && (!level.value || episode.problem[4] === level.value));
    const compare = ORDERS[order.value];
    if (compare) fits.sort(compare);
    this.search = { candidates: fits, at: 0, found: [] };
    if (!this.words) {
      this.search.found = fits;
      this.search.at = fits.length;
    }
    this.list.scrollTop = 0;
    this.continueSearch(this.search);
  }

  /// Looks through texts in slices, so that typing is never held up.
  continueSearch(search) {
    if (search !== this.search) return;
    const until = performance.now() + 12;
    while (search.at < search.candidates.length && performance.now() < until) {
      const episode = search.candidates[search.at++];
      if (episode.words.includes(this.words) || this.traceText(episode).includes(this.words)) {
        search.found.push(episode);
      }
    }
    this.shown = search.found;
    this.showCount(search);
    this.draw();
    if (this.wanted) this.chooseWanted();
    else if (!this.chosen && this.shown.length > 0) this.choose(0, true);
    if (search.at < search.candidates.length) setTimeout(() => this.continueSearch(search), 0);
  }

  showCount(search) {
    const number = (value) => value.toLocaleString("en");
    const rest = search.at < search.candidates.length ? `, searching: ${number(search.at)} looked at` : "";
    document.getElementById("count").textContent =
      `${number(this.shown.length)} of ${number(this.episodes.length)} episodes${rest}`;
  }

  draw() {
    const first = Math.max(0, Math.floor(this.list.scrollTop / ROW_HEIGHT) - 4);
    const last = Math.min(this.shown.length, first + Math.ceil(this.list.clientHeight / ROW_HEIGHT) + 8);
    this.rows.style.height = this.shown.length * ROW_HEIGHT + "px";
    this.rows.replaceChildren(...this.shown.slice(first, last).map((episode, index) =>
      this.row(episode, first + index)));
  }

  row(episode, index) {
    const [kind, sign] = verdict(episode.outcome);
    const name = episode.problem[0] + " · " + episode.sample
      + (this.data.runs.length > 1 ? " · " + this.data.runs[episode.run].name : "");
    const element = make("div", "row", make("span", "mark " + kind, sign), make("span", "name", name),
      make("span", "size", episode.tokens.toLocaleString("en") + " tok"),
      make("span", "answer", episode.answer || episode.finish.replaceAll("_", " ")),
      make("span", "size", episode.calls + (episode.calls === 1 ? " call" : " calls")));
    element.style.top = index * ROW_HEIGHT + "px";
    element.dataset.index = index;
    element.setAttribute("role", "option");
    element.setAttribute("aria-selected", episode === this.chosen);
    return element;
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = this.shown.indexOf(this.chosen) + step;
    this.choose(Math.min(Math.max(at, 0), this.shown.length - 1));
  }

  chooseWanted() {
    const at = this.shown.findIndex((episode) =>
      episode.problem[0] === this.wanted.problem && episode.sample === this.wanted.sample);
    if (at < 0) return;
    this.wanted = null;
    this.choose(at);
  }

  choose(index, isFirst = false) {
    this.chosen = this.shown[index];
    if (!this.chosen) return;
    const top = index * ROW_HEIGHT;
    if (top < this.list.scrollTop) this.list.scrollTop = top;
    if (top + ROW_HEIGHT > this.list.scrollTop + this.list.clientHeight) {
      this.list.scrollTop = top + ROW_HEIGHT - this.list.clientHeight;
    }
    this.draw();
    drawTrace(this.chosen, this.trace(this.chosen), this.words);
    if (!isFirst) this.writeAddress();
  }

  /// What an episode said: its turns, [role, tokens, seconds, text, note], and why it failed, if it did.
  ///
  /// The block it lies in is parsed when it is first needed.
  trace(episode) {
    const [failure, ...turns] = this.block(episode).traces[episode.row % this.data.blockSize] ?? [""];
    return { turns, failure };
  }

  traceText(episode) {
    const block = this.block(episode);
    const index = episode.row % this.data.blockSize;
    block.texts[index] ??= this.trace(episode).turns.map((turn) => turn[3]).join("\n").toLowerCase();
    return block.texts[index];
  }

  block(episode) {
    const id = `traces-${episode.run}-${Math.floor(episode.row / this.data.blockSize)}`;
    if (!this.blocks.has(id)) {
      const element = document.getElementById(id);
      this.blocks.set(id, { traces: element ? JSON.parse(element.textContent) : [], texts: [] });
    }
    return this.blocks.get(id);
  }
}
