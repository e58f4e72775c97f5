"""Opens a report in a browser and says what is to be seen.

    look_at_page.py CHROMIUM PAGE.html FOLDER light|dark WIDTH

Prints one JSON object: the messages of the browser's console, and for every card of the page its name, whether it has a
chart, its text, and of the chart's pixels how many colours there are and what share differs from the background."""
import collections
import itertools
import json
import pathlib
import re
import struct
import subprocess
import sys
import zlib

HEIGHT = 9000
PROBE = """<script>
setTimeout(() => console.log("cards: " + JSON.stringify([...document.querySelectorAll("[data-chart]")].map((card) => {
  const canvas = card.querySelector("canvas");
  const box = (canvas || card).getBoundingClientRect();
  return { name: card.dataset.chart, chart: canvas !== null, text: card.textContent,
    label: canvas ? canvas.getAttribute("aria-label") : "", box: [box.x, box.y, box.width, box.height] };
}).concat([{ name: "page", chart: false, text: document.title + " " + document.documentElement.dataset.ready,
  label: "", box: [0, 0, document.documentElement.scrollWidth, document.documentElement.scrollHeight] }]))), 1000);
</script></body>"""


def add_bytes(a, b):
    """Of two rows, each byte modulo 256."""
    high = int.from_bytes(b"\x80" * len(a), "big")
    x, y = int.from_bytes(a, "big"), int.from_bytes(b, "big")
    return bytearray((((x & ~high) + (y & ~high)) ^ ((x ^ y) & high)).to_bytes(len(a), "big"))


def unfilter(kind, line, above, step):
    """A row as the PNG specification (9.2) filters it."""
    if kind == 0:
        return line
    if kind == 1:
        for channel in range(step):
            line[channel::step] = bytes(itertools.accumulate(line[channel::step], lambda a, b: (a + b) & 255))
        return line
    if kind == 2:
        return add_bytes(line, above)
    for i in range(len(line)):
        left = line[i - step] if i >= step else 0
        corner = above[i - step] if i >= step else 0
        if kind == 3:
            line[i] = (line[i] + (left + above[i]) // 2) & 255
            continue
        guess = left + above[i] - corner
        near = min((abs(guess - left), 0), (abs(guess - above[i]), 1), (abs(guess - corner), 2))[1]
        line[i] = (line[i] + (left, above[i], corner)[near]) & 255
    return line


def read_png(path, last_row):
    data = path.read_bytes()
    offset, packed = 8, b""
    while offset < len(data):
        size, kind = struct.unpack(">I4s", data[offset:offset + 8])
        body = data[offset + 8:offset + 8 + size]
        offset += 12 + size
        if kind == b"IHDR":
            width, height, depth, color = struct.unpack(">IIBB", body[:10])
        elif kind == b"IDAT":
            packed += body
    assert depth == 8 and color in (2, 6), "an unusual picture"
    step = 3 if color == 2 else 4
    raw = zlib.decompress(packed)
    rows, above = [], bytearray(width * step)
    for y in range(min(height, last_row)):
        begin = y * (width * step + 1)
        line = unfilter(raw[begin], bytearray(raw[begin + 1:begin + 1 + width * step]), above, step)
        rows.append(line)
        above = line
    return rows, step


def pixels_of(rows, step, box):
    x, y, width, height = (int(value) for value in box)
    counts = collections.Counter()
    for row in rows[y:y + height]:
        part = row[x * step:(x + width) * step]
        counts.update(zip(part[0::step], part[1::step], part[2::step]))
    total = sum(counts.values())
    return {"colors": len(counts), "drawn": 1 - counts.most_common(1)[0][1] / total if total else 0}


def main():
    chromium, page, folder, scheme, width = sys.argv[1:]
    folder = pathlib.Path(folder)
    copy, picture = folder / "probed.html", folder / f"{scheme}-{width}.png"
    copy.write_text(pathlib.Path(page).read_text().replace("</body>", PROBE))
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr",
               "--v=0", f"--user-data-dir={folder / 'profile'}", f"--window-size={width},{HEIGHT}",
               f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}", "--virtual-time-budget=5000",
               "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND", f"--screenshot={picture}",
               copy.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    console = re.findall(r'CONSOLE[^\]]*\] "(.*)", source:', done.stderr)
    cards = [line[len("cards: "):] for line in console if line.startswith("cards: ")]
    if not cards or not picture.exists():
        sys.exit("the browser shows nothing:\n" + done.stderr[-3000:])
    cards = json.loads(cards[0])
    rows, step = read_png(picture, int(max([0] + [card["box"][1] + card["box"][3] for card in cards if card["chart"]])) + 1)
    for card in cards:
        card.update(pixels_of(rows, step, card["box"]) if card["chart"] else {})
    print(json.dumps({"console": [line for line in console if not line.startswith("cards: ")], "cards": cards}))


main()
