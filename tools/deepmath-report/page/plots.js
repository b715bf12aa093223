// Plots: small SVGs drawn once, from numbers the page has anyway.

const SIZE = { width: 420, height: 230, left: 46, right: 10, top: 10, bottom: 34 };

function svg(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  for (const child of children) element.append(child);
  return element;
}

/// Round steps of 1, 2 or 5 that cut a range into about `count` parts.
function ticks(low, high, count) {
  const rough = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough) * power;
  const values = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step) {
    values.push(Math.abs(value) < step * 1e-9 ? 0 : value);
  }
  return values;
}

function short(value) {
  const size = Math.abs(value);
  if (size >= 1e6) return +(value / 1e6).toPrecision(3) + "M";
  if (size >= 1e4) return +(value / 1e3).toPrecision(3) + "k";
  return String(+value.toPrecision(3));
}

/// An empty plot with axes; `place` turns values into coordinates.
function frame(x, y, labels) {
  const { width, height, left, right, top, bottom } = SIZE;
  const scale = (range, from, to) => (value) =>
    from + ((value - range[0]) / (range[1] - range[0] || 1)) * (to - from);
  const place = { x: scale(x, left, width - right), y: scale(y, height - bottom, top) };
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": labels.title });
  for (const value of ticks(y[0], y[1], 5)) {
    const at = place.y(value);
    root.append(svg("line", { class: "rule", x1: left, x2: width - right, y1: at, y2: at }),
      svg("text", { x: left - 6, y: at + 4, "text-anchor": "end" }, short(value)));
  }
  for (const value of labels.xTicks ?? ticks(x[0], x[1], 6)) {
    root.append(svg("text", { x: place.x(value), y: height - bottom + 15, "text-anchor": "middle" },
      (labels.xText ?? short)(value)));
  }
  root.append(svg("line", { class: "axis", x1: left, x2: width - right, y1: height - bottom, y2: height - bottom }),
    svg("text", { x: (left + width - right) / 2, y: height - 3, "text-anchor": "middle" }, labels.x));
  return { root, place };
}

function addFigure(title, note, root) {
  const figure = document.createElement("figure");
  const heading = document.createElement("h3");
  heading.textContent = title;
  const text = document.createElement("span");
  text.className = "note";
  text.textContent = note;
  figure.append(heading, text, root);
  document.getElementById("plots").append(figure);
}

const color = (index) => `var(--run${index % 6})`;

/// Distributions of several runs, as outlines over the same bins; `series` are {run, values}.
function histogram(title, note, label, series) {
  const all = series.flatMap((one) => one.values);
  if (all.length === 0) return;
  let low = Infinity, high = -Infinity;
  for (const value of all) { low = Math.min(low, value); high = Math.max(high, value); }
  if (low === high) { low -= 0.5; high += 0.5; }
  const count = 30;
  const shares = series.map(({ values }) => {
    const bins = new Array(count).fill(0);
    for (const value of values) bins[Math.min(count - 1, Math.floor((value - low) / (high - low) * count))] += 1;
    return bins.map((bin) => bin / Math.max(1, values.length) * 100);
  });
  const top = Math.max(...shares.flat()) * 1.05;
  const { root, place } = frame([low, high], [0, top], { title, x: label });
  const edge = (bin) => place.x(low + (high - low) * bin / count);
  series.forEach(({ name, fill, dash }, index) => {
    let path = `M${edge(0)},${place.y(0)}`;
    shares[index].forEach((share, bin) => {
      path += `L${edge(bin)},${place.y(share)}L${edge(bin + 1)},${place.y(share)}`;
    });
    path += `L${edge(count)},${place.y(0)}Z`;
    root.append(svg("path", { d: path, fill, class: "band" }),
      svg("path", { d: path, class: "line " + (dash ?? ""), stroke: fill, style: "stroke-width:1.5" },
        svg("title", {}, name)));
  });
  addFigure(title, note, root);
}

/// Curves with bands; `series` are {name, fill, dash, points: [[x, y, low?, high?]]}.
function curves(title, note, labels, series, yRange) {
  const points = series.flatMap((one) => one.points);
  if (points.length === 0) return;
  const xs = points.map((point) => point[0]);
  const ys = points.flatMap((point) => point.slice(1));
  const x = [Math.min(...xs), Math.max(...xs)];
  if (x[0] === x[1]) { x[0] -= 0.5; x[1] += 0.5; }
  const y = yRange ?? [Math.min(0, ...ys), Math.max(...ys) * 1.05 || 1];
  const { root, place } = frame(x, y, { title, ...labels });
  for (const { name, fill, dash, points } of series) {
    const banded = points.filter((point) => point.length > 2);
    if (banded.length > 1) {
      const upper = banded.map((point) => `${place.x(point[0])},${place.y(point[3])}`);
      const lower = banded.map((point) => `${place.x(point[0])},${place.y(point[2])}`).reverse();
      root.append(svg("polygon", { points: [...upper, ...lower].join(" "), fill, class: "band" }));
    }
    root.append(svg("polyline", {
      points: points.map((point) => `${place.x(point[0])},${place.y(point[1])}`).join(" "),
      class: "line " + (dash ?? ""), stroke: fill,
    }, svg("title", {}, name)));
    if (points.length <= 40) {
      for (const point of points) {
        root.append(svg("circle", { cx: place.x(point[0]), cy: place.y(point[1]), r: 3, fill },
          svg("title", {}, `${name}: ${short(point[1])} at ${short(point[0])}`)));
      }
    }
  }
  addFigure(title, note, root);
}

function drawPlots(data) {
  const { runs } = data;
  const each = (make) => runs.map((run, index) => ({ name: run.name, fill: color(index), ...make(run) }));
  const lengths = runs.length === 1
    ? [["right", "var(--right)"], ["wrong", "var(--wrong)"]].map(([outcome, fill]) => ({
      name: outcome, fill, values: runs[0].episodes.tokens.filter((_, row) =>
        data.outcomes[runs[0].episodes.outcome[row]] === outcome),
    })).filter((one) => one.values.length > 0)
    : each((run) => ({ values: run.episodes.tokens }));
  histogram("Output length", runs.length === 1 ? "share of right (green) and wrong (red) episodes, %"
    : "share of episodes, %", "sampled tokens", lengths);
  histogram("Reward", "share of episodes, %", "reward", each((run) => ({ values: run.episodes.reward })));
  const byCount = [...each((run) => ({ points: run.passAt })),
    ...each((run) => ({ points: run.majorityAt, dash: "dashed" })),
    ...each((run) => ({ points: run.allRightAt, dash: "dotted" }))];
  const counts = [...new Set(runs.flatMap((run) => run.passAt.map((point) => point[0])))];
  const leftOut = Math.max(...runs.flatMap((run) => run.leftOutAt));
  if (Math.max(...counts) > 1) curves("Accuracy by k", "pass@k solid, majority@k dashed, pass^k dotted, %"
    + (leftOut > 0 ? `; up to ${leftOut} problems have fewer than k samples and are left out` : ""),
    { x: "samples k", xTicks: counts.filter((k) => Number.isInteger(Math.log2(k))) }, byCount, [0, 100]);
  curves("Speed", "sampled tokens per second, all ranks", { x: "minutes" },
    each((run) => ({ points: run.speed })));
  const latency = runs.filter((run) => run.latency.some((count) => count > 0));
  if (latency.length > 0) {
    curves("Interpreter", "share of snippets that took less, %", {
      x: "wall time, logarithmic", xTicks: [0, 3, 6, 10, 13, 15],
      xText: (bin) => (bin < 10 ? 2 ** bin + " ms" : 2 ** (bin - 10) + " s"),
    }, each((run) => {
      const total = run.latency.reduce((sum, count) => sum + count, 0) || 1;
      let sum = 0;
      return { points: run.latency.map((count, bin) => [bin, (sum += count) / total * 100]) };
    }), [0, 100]);
  }
  const trained = each((run) => ({ training: run.training })).filter((run) => run.training.length > 1);
  if (trained.length === 0) return;
  for (const [title, note, key] of [
    ["Training: reward", "mean of counted episodes", "reward"], ["Training: accuracy", "share of right answers, %", "accuracy"],
    ["Training: tool use", "share of episodes, %", "toolUse"], ["Training: output length", "mean sampled tokens", "tokens"],
    ["Training: equal groups", "share of groups without spread, %", "flat"], ["Training: loss", "of the update", "loss"],
    ["Training: entropy", "mean over sampled tokens, nats", "entropy"],
  ]) {
    const series = trained.map((run) => ({
      name: run.name, fill: run.fill,
      points: run.training.map((step) => [step.step, step[key]]).filter(([, value]) => value !== null),
    })).filter((run) => run.points.length > 0);
    if (series.length === 0) continue;
    const versions = series.flatMap((run) => run.points.map((point) => point[0]));
    const whole = ticks(Math.min(...versions), Math.max(...versions), 6).filter(Number.isInteger);
    curves(title, note, { x: "step", xTicks: whole }, series);
  }
}
