"use strict";
(() => {
  const run = JSON.parse(document.getElementById("data").textContent);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const rowsShown = 500;

  // ---- Elements; texts of the run never become markup. ----

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children.filter((child) => child !== null));
    return made;
  }
  function drawing(name, attributes = {}, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }
  const place = (id) => document.getElementById(id);

  // ---- Numbers as people read them. ----

  function significant(value, digits = 4) {
    if (value === null) return "–";
    if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString("en");
    const rounded = Number(value.toPrecision(digits));
    return Math.abs(rounded) >= 1e-3 ? rounded.toLocaleString("en", { maximumFractionDigits: 6 }) : String(rounded);
  }
  function scaled(value, unit, steps) {
    const step = steps.find(([size]) => Math.abs(value) >= size) || steps[steps.length - 1];
    return significant(value / step[0], 3) + " " + step[1] + unit;
  }
  const bytes = (value, rest = "") => scaled(value, rest, [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"], [1, "B"]]);
  function seconds(value) {
    if (value === 0) return "0 s";
    if (Math.abs(value) < 120) return scaled(value, "", [[1, "s"], [1e-3, "ms"], [1e-6, "µs"], [1e-9, "ns"]]);
    return value < 7200 ? `${significant(value / 60, 4)} min` : `${significant(value / 3600, 4)} h`;
  }
  function withUnit(value, unit) {
    if (value === null) return "–";
    if (unit === "s") return seconds(value);
    if (unit === "B") return bytes(value);
    if (unit === "B/s") return bytes(value, "/s");
    if (unit === "1/s") return significant(value) + " /s";
    return significant(value) + (unit ? " " + unit : "");
  }
  function clock(value) {
    if (value < 120) return significant(value, 4) + " s";
    const whole = Math.round(value);
    const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    return parts[0] > 0 ? `${parts[0]}h ${parts[1]}m` : `${parts[1]}m ${parts[2]}s`;
  }

  // ---- Colours: two sets, one for light pages and one for dark ones. ----

  const palette = {
    light: ["#2563eb", "#c2570c", "#0f8a5f", "#c02672", "#6d3fd1", "#0e7c9b", "#a16207", "#b91c1c"],
    dark: ["#74a7ff", "#fb9a55", "#45d39a", "#f584b9", "#b39bff", "#4fd0ec", "#e8c24a", "#ff8a80"],
  };
  const stateColors = {
    light: { up: "#0f8a5f", ready: "#0f8a5f", work: "#2563eb", calm: "#0e7c9b", active: "#b91c1c", down: "#b91c1c",
      paused: "#64748b", disconnected: "#94a3b8", dialing: "#e0a106", authenticating: "#6d3fd1", claiming: "#0e7c9b",
      waiting: "#c2570c", "not followed": "#cbd5e1" },
    dark: { up: "#35b985", ready: "#35b985", work: "#74a7ff", calm: "#4fd0ec", active: "#ff8a80", down: "#ff8a80",
      paused: "#8595ad", disconnected: "#5a6a82", dialing: "#e8c24a", authenticating: "#b39bff", claiming: "#4fd0ec",
      waiting: "#fb9a55", "not followed": "#334155" },
  };
  const theme = () => (dark.matches ? "dark" : "light");
  const color = (index) => palette[theme()][index % palette.light.length];
  const stateColor = (state) => stateColors[theme()][state] || color(6);
  const variable = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const dashes = [[], [7, 4], [2, 3], [10, 3, 2, 3]];

  // ---- What was measured. ----

  const seriesOf = (metric, test = () => true) => run.series.filter((one) => one.metric === metric && test(one.name));
  const figure = (name) => run.figures.find((one) => one.name === name);
  const measured = (metric) => run.metrics.includes(metric);
  const total = (series) => series.value.reduce((sum, value) => sum + Math.abs(value || 0), 0);
  const largestFirst = (list, count) => [...list].sort((a, b) => total(b) - total(a)).slice(0, count);

  // ---- Charts. ----

  const charts = [];
  const unmeasured = [];

  /** Stretches in which faults were active, warming up and calm, drawn behind the charts over time. */
  const faultSpans = run.timelines.filter((line) => line.kind === "fault").flatMap((line) => line.spans);
  const shading = {
    id: "shading",
    beforeDatasetsDraw(chart) {
      const axis = chart.scales.x;
      if (!chart.options.overTime || !axis) return;
      const { ctx, chartArea: area } = chart;
      const shade = (from, to, style) => {
        const left = Math.max(axis.getPixelForValue(from), area.left);
        const right = Math.min(Math.max(axis.getPixelForValue(to), left + 1), area.right);
        if (right <= left) return;
        ctx.fillStyle = style;
        ctx.fillRect(left, area.top, right - left, area.bottom - area.top);
      };
      ctx.save();
      for (const [from, to] of faultSpans) shade(from, to, variable("--shade"));
      ctx.restore();
    },
  };
  Chart.register(shading);
  Chart.defaults.animation = false;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.maintainAspectRatio = false;
  Chart.defaults.plugins.legend.display = false;

  function axis(title, format, more = {}) {
    return {
      title: { display: title !== "", text: title },
      beginAtZero: true,
      ticks: { callback: function (value) { return format(value); }, maxRotation: 0, autoSkipPadding: 12 },
      grid: {},
      ...more,
    };
  }
  const timeAxis = (end) => ({
    ...axis("time since the start", clock),
    type: "linear",
    max: end || undefined,
  });

  /** Makes the chart of a card, again when the colours of the page change. */
  function draw(entry) {
    const hidden = entry.chart ? entry.config.data.datasets.map((_, i) => !entry.chart.isDatasetVisible(i)) : [];
    if (entry.chart) entry.chart.destroy();
    entry.config.data.datasets.forEach((one, i) => {
      one.paint(one);
      one.hidden = Boolean(hidden[i]);
      if (entry.swatches) entry.swatches[i].style.background = one.borderColor;
    });
    for (const scale of Object.values(entry.config.options.scales)) {
      scale.ticks = { ...scale.ticks, color: variable("--muted") };
      scale.title = { ...scale.title, color: variable("--muted") };
      scale.grid = { ...scale.grid, color: variable("--grid"), borderColor: variable("--line") };
    }
    entry.chart = new Chart(entry.canvas, entry.config);
  }
  dark.addEventListener("change", () => charts.forEach(draw));

  function legendOf(entry) {
    const list = element("ul", { class: "legend", "aria-label": "Legend" });
    entry.swatches = entry.config.data.datasets.map((dataset, i) => {
      const swatch = element("span", { class: "swatch", "aria-hidden": "true" });
      const button = element("button", { type: "button", "aria-pressed": "true" }, swatch, dataset.label);
      button.addEventListener("click", () => {
        const shown = !entry.chart.isDatasetVisible(i);
        entry.chart.setDatasetVisibility(i, shown);
        entry.chart.update("none");
        button.setAttribute("aria-pressed", String(shown));
      });
      list.append(element("li", {}, button));
      return swatch;
    });
    return list;
  }

  function tableOf(head, rows) {
    const numeric = (cell) => typeof cell === "number";
    const shown = rows.slice(0, rowsShown);
    const table = element("table", {},
      element("thead", {}, element("tr", {}, ...head.map((cell, i) =>
        element("th", { scope: "col", class: shown.length && numeric(shown[0][i]) ? "number" : "" }, cell)))),
      element("tbody", {}, ...shown.map((row) => element("tr", {}, ...row.map((cell) =>
        element("td", { class: numeric(cell) ? "number" : "" },
          cell === null ? "–" : numeric(cell) ? significant(cell, 6) : String(cell)))))));
    const box = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table" }, table);
    if (rows.length <= rowsShown) return box;
    return element("div", {}, box,
      element("p", {}, `The first ${rowsShown} of ${rows.length} rows; --csv writes all of them.`));
  }
  function asTable(head, rows) {
    const details = element("details", {}, element("summary", {}, "Show as a table"));
    details.addEventListener("toggle", () => {
      if (details.open && details.childElementCount === 1) details.append(tableOf(head, rows()));
    });
    return details;
  }

  /** One card. `config` is nothing where there is nothing to show. */
  function card(options) {
    if (!options.config && !(options.metrics || []).some(measured)) {
      unmeasured.push(options);
      return;
    }
    const id = `chart-${place("charts").childElementCount + 1}`;
    const caption = element("figcaption", {}, element("h3", { id }, options.title), element("p", {}, options.text));
    const box = element("figure", { class: "card" + (options.wide ? " wide" : ""), "aria-labelledby": id,
      "data-chart": options.name }, caption);
    place("charts").append(box);
    if (!options.config) {
      box.append(element("p", { class: "empty" }, "Nothing of this happened in the run."));
      return;
    }
    const canvas = element("canvas", { role: "img", "aria-label": `${options.title}. ${options.summary || options.text}` });
    const plot = element("div", { class: "plot" }, canvas);
    if (options.height) plot.style.height = `${options.height}px`;
    const entry = { canvas, config: options.config };
    box.append(legendOf(entry), plot);
    if (options.table) box.append(asTable(options.table.head, options.table.rows));
    charts.push(entry);
  }

  function line(series, index, more = {}) {
    return {
      label: more.label || series.name,
      data: series.at.map((x, i) => ({ x, y: series.value[i] })),
      borderWidth: 1.8,
      borderDash: dashes[Math.floor(index / palette.light.length) % dashes.length],
      pointRadius: series.at.length < 3 ? 3 : 0,
      pointHitRadius: 8,
      tension: 0,
      paint: (dataset) => {
        dataset.borderColor = color(index);
        dataset.backgroundColor = color(index) + (more.fill ? "55" : "");
      },
      ...more,
    };
  }
  function tableOfSeries(list) {
    return {
      head: ["series", "unit", "time (s)", "value"],
      rows: () => list.flatMap((one) => one.at.map((at, i) => [one.name, one.unit || "–", at, one.value[i]])),
    };
  }
  function pointLabel(unit) {
    return {
      title: (items) => (items.length ? clock(items[0].parsed.x) : ""),
      label: (item) => `${item.dataset.label}: ${withUnit(item.parsed.y, item.dataset.unit ?? unit)}`,
    };
  }
  function overTime(list, options = {}) {
    const unit = options.unit ?? (list.length ? list[0].unit : "");
    return {
      type: "line",
      data: { datasets: list.map((one, i) => line(one, i, { label: (options.label || ((name) => name))(one.name),
        ...(options.stacked ? { fill: i === 0 ? "origin" : "-1" } : {}) })) },
      options: {
        overTime: true,
        interaction: { mode: "nearest", axis: "x", intersect: false },
        scales: {
          x: timeAxis(run.simulated),
          y: axis(options.axis || "", (value) => withUnit(value, unit), { stacked: Boolean(options.stacked) }),
        },
        plugins: { tooltip: { callbacks: pointLabel(unit) } },
      },
    };
  }
  /** A card of lines over time; of more than `most` series the largest. */
  function lines(options) {
    const most = options.most || 8;
    const shown = options.list.length > most ? largestFirst(options.list, most) : options.list;
    const left = options.list.length - shown.length;
    card({
      ...options,
      text: options.text + (left > 0 ? ` The ${most} largest of ${options.list.length} are shown.` : ""),
      config: shown.some((one) => one.at.length > 0) ? overTime(shown, options) : null,
      table: tableOfSeries(options.list),
    });
  }

  function latencyCard() {
    const values = (run.samples.find((one) => one.name === "latency") || { values: [] }).values;
    let config = null;
    let rows = () => [];
    let summary = "";
    if (values.length > 0) {
      const low = values[0];
      const high = Math.max(values[values.length - 1], low + 1e-9);
      const logarithmic = low > 0 && high / low > 50;
      const count = Math.min(40, Math.max(6, Math.ceil(Math.sqrt(values.length) * 2)));
      const edge = (i) => (logarithmic ? low * (high / low) ** (i / count) : low + ((high - low) * i) / count);
      const bars = new Array(count).fill(0);
      for (const value of values) {
        const part = logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
        bars[Math.min(count - 1, Math.max(0, Math.floor(part * count)))] += 100 / values.length;
      }
      const labels = bars.map((_, i) => seconds((edge(i) + edge(i + 1)) / 2));
      let sum = 0;
      const cumulative = bars.map((share) => (sum += share));
      summary = ["latency_p50", "latency_p95", "latency_p99"].map(figure).filter(Boolean)
        .map((one) => `${one.name.slice(8)} ${seconds(one.value)}`).join(", ");
      rows = () => bars.map((share, i) => [seconds(edge(i)), seconds(edge(i + 1)), share, cumulative[i]]);
      config = {
        data: {
          labels,
          datasets: [
            { type: "bar", label: "share of messages", data: bars, categoryPercentage: 1, barPercentage: 0.94,
              order: 2, paint: (one) => { one.backgroundColor = color(0); one.borderColor = color(0); } },
            { type: "line", label: "delivered by then", data: cumulative, yAxisID: "right", borderWidth: 2,
              pointRadius: 0, pointHitRadius: 8, order: 1,
              paint: (one) => { one.borderColor = color(1); one.backgroundColor = color(1); } },
          ],
        },
        options: {
          interaction: { mode: "index", intersect: false },
          scales: {
            x: axis("latency" + (logarithmic ? ", logarithmic" : ""), function (value) { return labels[value]; }),
            y: axis("of messages", (value) => significant(value, 3) + "%"),
            right: axis("by then", (value) => value + "%", { position: "right", max: 100, grid: { drawOnChartArea: false } }),
          },
          plugins: { tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${significant(item.parsed.y, 3)}%` } } },
        },
      };
    }
    card({ name: "latency", title: "Latency of messages", metrics: ["latency"], config, summary,
      text: "From the application that sends to the one that receives." + (summary ? ` ${summary}.` : ""),
      table: { head: ["from", "to", "share (%)", "by then (%)"], rows } });
  }

  function anonymityCard() {
    const bits = seriesOf("entropy");
    const sets = seriesOf("anonymity-set");
    const all = [...bits, ...sets];
    const config = all.length ? overTime(all) : null;
    if (config) {
      config.data.datasets.forEach((dataset, i) => {
        dataset.unit = i < bits.length ? "bits" : "";
        dataset.yAxisID = i < bits.length || bits.length === 0 ? "y" : "right";
      });
      config.options.scales.y = axis(bits.length ? "entropy in bits" : "anonymity set", (value) => significant(value, 3));
      if (bits.length && sets.length) {
        config.options.scales.right = axis("anonymity set", (value) => significant(value, 3),
          { position: "right", grid: { drawOnChartArea: false } });
      }
    }
    card({ name: "anonymity", title: "Entropy and anonymity set", metrics: ["entropy", "anonymity-set"], config,
      text: "How unsure an observer is who sent a message: Shannon entropy, and two to its power.",
      table: tableOfSeries(all) });
  }

  /** The same for a layer in the picture of the network and in charts. */
  const groupColor = (group) => color(group.startsWith("layer ") ? Number(group.slice(6)) : group === "mixnodes" ? 1 : 0);

  function loadCard() {
    const loads = run.figures.filter((one) => one.metric === "node-load" && one.name.startsWith("load."));
    const nodes = loads.map((one) => one.name.slice(5));
    const layerOf = (node) => {
      if (!node.startsWith("mix")) return "gateways";
      if (run.network.topology === "free-route") return "mixnodes";
      let number = Number(node.slice(3));
      const layer = run.network.layers.findIndex((size) => (number -= size) <= 0);
      return `layer ${layer + 1}`;
    };
    const groups = [...new Set(nodes.map(layerOf))];
    const datasets = groups.map((group, i) => ({
      label: group,
      data: loads.map((one, k) => (layerOf(nodes[k]) === group ? one.value : null)),
      grouped: false,
      skipNull: true,
      maxBarThickness: 46,
      paint: (dataset) => { dataset.backgroundColor = groupColor(group); dataset.borderColor = groupColor(group); },
    }));
    card({ name: "load", title: "Load of each node", metrics: ["node-load"],
      text: "Sphinx packets that mixnodes and gateways received.",
      config: loads.some((one) => one.value > 0) ? {
        type: "bar",
        data: { labels: nodes, datasets },
        options: { scales: { x: axis("", function (value) { return nodes[value]; }), y: axis("packets", (value) => significant(value)) } },
      } : null,
      table: { head: ["node", "packets"], rows: () => loads.map((one, i) => [nodes[i], one.value]) } });
  }

  function dropsCard() {
    const drops = run.figures.filter((one) => one.metric === "drops" && one.name.startsWith("drops.") && one.value > 0)
      .sort((a, b) => b.value - a.value);
    const where = (one) => one.name.split(".")[1];
    const reason = (one) => `${where(one)}: ${one.name.split(".").slice(2).join(".").replaceAll("_", " ")}`;
    const shown = drops.slice(0, 20);
    const places = [...new Set(shown.map(where))];
    card({ name: "drops", title: "Drops by reason", metrics: ["drops"],
      text: "What went no further, by who dropped it and why." +
        (drops.length > shown.length ? ` The ${shown.length} most frequent of ${drops.length}.` : ""),
      height: Math.max(272, 70 + shown.length * 30),
      config: shown.length ? {
        type: "bar",
        data: { labels: shown.map(reason), datasets: places.map((name, i) => ({
          label: name, grouped: false, skipNull: true, maxBarThickness: 24,
          data: shown.map((one) => (where(one) === name ? one.value : null)),
          paint: (dataset) => { dataset.backgroundColor = color(i + 1); dataset.borderColor = color(i + 1); },
        })) },
        options: { indexAxis: "y", scales: {
          x: axis("drops", (value) => significant(value)),
          y: axis("", function (value) { return this.getLabelForValue(value); }, { ticks: { autoSkip: false,
            callback: function (value) { return this.getLabelForValue(value); } } }),
        } },
      } : null,
      table: { head: ["reason", "drops"], rows: () => drops.map((one) => [reason(one), one.value]) } });
  }

  function coverCards() {
    const rename = (name) => name.replace("sent.", "").replaceAll("_", " ");
    const sent = seriesOf("cover-rate", (name) => name.startsWith("sent."));
    const ratio = (name) => { const one = figure(name); return one ? `${significant(one.value * 100, 4)}%` : null; };
    const rates = [["main stream", ratio("main_stream_ratio")], ["loop cover", ratio("loop_cover_ratio")]]
      .filter(([, value]) => value).map(([name, value]) => `${name} ${value}`).join(", ");
    lines({ name: "sent", title: "Real packets and cover", metrics: ["cover-rate"], list: sent, stacked: true,
      label: rename, axis: "packets sent",
      text: "What all clients send, by kind." + (rates ? ` Of the configured rates: ${rates}.` : "") });
    const share = seriesOf("cover-rate", (name) => name === "cover_share");
    if (share.length) {
      lines({ name: "cover", title: "Cover ratio", metrics: ["cover-rate"], list: share,
        label: () => "share of cover in all packets", text: "Cover in all packets that clients send." });
    } else {
      card({ name: "cover", title: "Cover ratio", metrics: ["cover-rate"], config: null,
        text: "Cover in all packets that clients send." });
    }
  }

  function stateCard(name, title, text, kinds, most) {
    const all = run.timelines.filter((one) => kinds.includes(one.kind) && one.spans.length > 0);
    const restless = [...all].sort((a, b) => b.spans.length - a.spans.length).slice(0, most);
    const shown = all.length > most ? all.filter((one) => restless.includes(one)) : all;
    const labels = shown.map((one) => one.name);
    const states = [...new Set(shown.flatMap((one) => one.spans.map((span) => span[2])))];
    const datasets = states.map((state) => ({
      label: state,
      data: shown.flatMap((one, index) => one.spans.filter((span) => span[2] === state && span[1] > span[0])
        .map((span) => ({ x: [span[0], span[1]], y: labels[index], index }))),
      grouped: false,
      minBarLength: 2,
      barPercentage: 0.82,
      categoryPercentage: 0.9,
      paint: (dataset) => { dataset.backgroundColor = stateColor(state); dataset.borderColor = stateColor(state); dataset.borderWidth = 0; },
    }));
    card({ name, title, metrics: ["client-states"], wide: true,
      text: text + (all.length > shown.length ? ` The ${most} that changed most of ${all.length}.` : ""),
      height: 80 + shown.length * 24,
      config: shown.length ? {
        type: "bar",
        data: { labels, datasets },
        options: { indexAxis: "y", scales: {
          x: { ...timeAxis(run.simulated), min: 0 },
          y: axis("", (value) => labels[value], { ticks: { autoSkip: false,
            callback: (value) => (labels[value].length > 22 ? labels[value].slice(0, 21) + "…" : labels[value]) } }),
        }, plugins: { tooltip: { callbacks: {
          label: (item) => `${item.dataset.label}: ${clock(item.raw.x[0])} to ${clock(item.raw.x[1])}`,
        } } } },
      } : null,
      table: { head: ["name", "state", "from (s)", "to (s)"],
        rows: () => all.flatMap((one) => one.spans.map((span) => [one.name, span[2], span[0], span[1]])) } });
  }

  function otherCards() {
    const shown = ["latency", "goodput", "overhead", "node-load", "queue-depth", "drops", "surb-stock", "cover-rate",
      "client-states", "entropy", "anonymity-set"];
    for (const metric of run.metrics.filter((one) => !shown.includes(one))) {
      const list = seriesOf(metric);
      if (list.length === 0) continue;
      lines({ name: metric, title: metric.replaceAll("-", " ").replace(/^./, (letter) => letter.toUpperCase()),
        metrics: [metric], list, text: "Over time." });
    }
  }

  function unmeasuredCard() {
    if (unmeasured.length === 0) return;
    const id = "not-measured";
    place("charts").append(element("section", { class: "card wide", "aria-labelledby": id, "data-chart": id },
      element("h3", { id }, "Not measured"),
      element("p", { class: "note" }, "The plan's measure.metrics do not ask for these."),
      element("ul", {}, ...unmeasured.map((one) => element("li", {}, `${one.title}: `,
        element("code", {}, one.metrics.join(", ")))))));
  }

  function allCards() {
    latencyCard();
    lines({ name: "latency-over-time", title: "Latency over time", metrics: ["latency"], list: seriesOf("latency"),
      label: () => "mean latency", text: "Mean of the messages that were delivered in a window." });
    anonymityCard();
    loadCard();
    lines({ name: "load-over-time", title: "Load over time", metrics: ["node-load"], list: seriesOf("node-load"),
      label: (name) => name.slice(5), text: "Packets that came to each node in a second." });
    lines({ name: "queues", title: "Queue depth", metrics: ["queue-depth"],
      list: seriesOf("queue-depth", (name) => !/^queued\.c\d/.test(name)),
      label: (name) => name.replace("held.", "held by ").replace("inbox.", "inbox of ").replace("queued.clients", "queued in clients"),
      text: "Packets that mixnodes hold, stored messages of gateways, fragments that wait in clients." });
    coverCards();
    dropsCard();
    lines({ name: "goodput", title: "Goodput", metrics: ["goodput"], list: seriesOf("goodput"),
      label: () => "bytes of messages delivered", text: "What reaches applications." });
    lines({ name: "links", title: "Traffic on links", metrics: ["overhead"], list: seriesOf("overhead"), stacked: true,
      label: (name) => name.replace("link_bytes.", ""), text: "Bytes on all links, by kind of frame." });
    lines({ name: "surbs", title: "Reply SURBs", metrics: ["surb-stock"],
      list: seriesOf("surb-stock", (name) => name.endsWith(".clients")),
      label: (name) => (name === "surbs.clients" ? "unused SURBs of others" : "keys of own SURBs"),
      text: "What all clients hold." });
    otherCards();
    stateCard("states", "States of clients", "The gateway session of each client.", ["client"], 40);
    stateCard("nodes", "Nodes, faults and phases", "When nodes were up, and when faults were active.",
      ["run", "fault", "mixnode", "gateway"], 30);
    unmeasuredCard();
  }

  // ---- The network. ----

  function columnsOf(network) {
    const most = 16;
    const load = new Map(run.figures.filter((one) => one.metric === "node-load").map((one) => [one.name.slice(5), one.value]));
    const column = (title, names, what) => {
      if (names.length <= most) return { title, nodes: names.map((name) => ({ name, load: load.get(name) })) };
      return { title, nodes: [{ name: `${names.length} ${what}`, many: true }] };
    };
    const numbered = (prefix, first, count) => Array.from({ length: count }, (_, i) => `${prefix}${first + i}`);
    const gateways = numbered("gw", 1, network.gateways);
    const layers = [];
    let first = 1;
    network.layers.forEach((size, i) => {
      const title = network.layers.length === 1 ? "Mixnodes, any three" : `Layer ${i + 1}`;
      layers.push(column(title, numbered("mix", first, size), "mixnodes"));
      first += size;
    });
    const clients = { title: "Clients", nodes: network.clients_of_gateways.flatMap((count, i) => {
      if (count === 0) return [];
      return [{ name: `${count} client${count === 1 ? "" : "s"}`, gateway: i, many: true }];
    }) };
    if (clients.nodes.length > most) clients.nodes = [{ name: `${network.clients} clients`, many: true }];
    return { clients, entry: column("Gateways (entry)", gateways, "gateways"), layers,
      exit: column("Gateways (exit)", gateways, "gateways") };
  }

  function drawTopology() {
    const network = run.network;
    const { clients, entry, layers, exit } = columnsOf(network);
    const columns = [clients, entry, ...layers, exit];
    const width = 1040;
    const row = 46;
    const height = Math.max(3, ...columns.map((one) => one.nodes.length)) * row + 60;
    columns.forEach((one, c) => one.nodes.forEach((node, i) => {
      node.x = 80 + (c * (width - 160)) / (columns.length - 1);
      node.y = 40 + ((i + 0.5) * (height - 50)) / one.nodes.length;
    }));
    const words = `${network.clients} clients, ${network.gateways} gateways, ` +
      (network.topology === "free-route" ? `${network.layers[0]} mixnodes in free routes`
        : `${network.layers.length} layers of ${network.layers.join(", ")} mixnodes (${network.topology})`);
    const svg = drawing("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Network: ${words}` });
    const edge = (a, b, kind) => svg.append(drawing("path", { class: kind,
      d: `M${a.x} ${a.y} C${(a.x + b.x) / 2} ${a.y} ${(a.x + b.x) / 2} ${b.y} ${b.x} ${b.y}` }));
    for (const client of clients.nodes) {
      const its = client.gateway === undefined || entry.nodes.length === 1 ? entry.nodes : [entry.nodes[client.gateway]];
      for (const gateway of its) edge(client, gateway, "client-edge");
    }
    for (let c = 1; c + 1 < columns.length; c += 1) {
      const inside = network.topology === "cascade" && c >= 2 && c + 2 < columns.length;
      columns[c].nodes.forEach((from, i) => columns[c + 1].nodes.forEach((to, k) => {
        if (!inside || i === k) edge(from, to, "edge");
      }));
    }
    const busiest = Math.max(1, ...columns.flatMap((one) => one.nodes.map((node) => node.load || 0)));
    const shapes = [];
    columns.forEach((one, c) => {
      svg.append(drawing("text", { class: "column", x: one.nodes.length ? one.nodes[0].x : 0, y: 16,
        "text-anchor": "middle" }, one.title));
      for (const node of one.nodes) {
        const size = node.many ? 15 : 9 + 7 * Math.sqrt((node.load || 0) / busiest);
        const shape = drawing("circle", { class: "node", cx: node.x, cy: node.y, r: size });
        const load = node.load === undefined ? "" : `: ${significant(node.load)} packets`;
        shape.append(drawing("title", {}, node.name + load));
        shapes.push([shape, c]);
        svg.append(shape, drawing("text", { x: node.x, y: node.y + size + 13, "text-anchor": "middle" }, node.name));
      }
    });
    const tint = () => shapes.forEach(([shape, c]) => {
      shape.style.fill = c === 0 ? variable("--muted") : color(c === columns.length - 1 ? 0 : c - 1);
    });
    tint();
    dark.addEventListener("change", tint);
    const scroll = element("div", { class: "topology-picture", tabindex: "0", role: "region", "aria-label": "Picture of the network" }, svg);
    const hint = run.metrics.includes("node-load") ? " Larger nodes received more packets." : "";
    place("topology").append(element("p", { class: "note" }, `${words}; mixing: ${network.mix}.${hint}`), scroll);
  }

  // ---- Words. ----

  function drawHead() {
    const name = run.verdict;
    const words = { pass: "Passed", safety: "Failed: safety", liveness: "Failed: liveness", interrupted: "Interrupted" };
    document.title = `${run.scenario || "Run"}: ${words[name]} (nym-sim)`;
    place("head").append(
      element("div", { class: "title" }, element("h1", {}, run.scenario || "Run"),
        element("span", { class: `badge ${name}`, id: "verdict" }, words[name])),
      element("p", { class: "subtitle" }, run.description));
    if (run.interrupted) {
      place("head").append(element("p", { class: "note" }, `Ended from outside after ${clock(run.simulated)}: what is shown is all there is.`));
    }
    const section = place("violations");
    if (run.violations.length === 0) return;
    section.hidden = false;
    section.append(element("h2", { id: "violations-title" }, "What did not hold"),
      element("div", { class: "card" }, element("ul", { class: "failures" }, ...run.violations.map((one) =>
        element("li", {}, one.text, element("small", {}, `${one.kind}, at ${clock(one.at)}`))))));
  }
  function drawFacts() {
    const facts = [["Simulated", clock(run.simulated)], ["Took", seconds(run.wall)],
      ["Packets", significant(run.packets)], ["Packets per second", significant(run.packets_per_s)],
      ["Delivered", significant(run.delivered)], ["Acknowledged", significant(run.acknowledged)],
      ["Failed", significant(run.failed)], ["Replays refused", significant(run.replays)],
      ["Seed", run.seed], ["Fidelity", run.fidelity], ["Fingerprint", run.fingerprint]];
    const list = element("dl", { class: "tiles" }, ...facts.map(([name, value]) =>
      element("div", { class: value.length > 12 ? "long" : "" }, element("dt", {}, name), element("dd", {}, value))));
    place("facts").append(list);
  }
  function drawFigures() {
    if (run.figures.length === 0) {
      place("figures").append(element("p", { class: "empty" }, "No figures were measured."));
      return;
    }
    const rows = run.figures.map((one) => [one.metric, one.name, withUnit(one.value, one.unit), one.value]);
    place("figures").append(tableOf(["metric", "figure", "value", "exactly"], rows));
  }
  function drawPlan() {
    place("plan").append(
      element("p", {}, "Again: ", element("code", {}, run.repeat)),
      element("details", {}, element("summary", {}, "The plan with all its defaults"),
        element("pre", { tabindex: "0", "aria-label": "Plan as TOML" }, run.plan)));
    place("origin").textContent = `nym-sim ${run.version}, engine of Nym v${run.version}. This page needs no network.`;
  }
  function drawShading() {
    if (faultSpans.length === 0) return;
    place("shading").hidden = false;
    place("shading").textContent = "Shaded in charts over time: a fault was active.";
  }

  drawHead();
  drawFacts();
  drawTopology();
  drawShading();
  allCards();
  charts.forEach(draw);
  drawFigures();
  drawPlan();
  document.documentElement.dataset.ready = "yes";
})();
