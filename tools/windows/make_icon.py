#!/usr/bin/env python3
"""Usage: make_icon.py ICON.svg OUT.ico   Draws the page's icon (rounded rectangles of one colour each) at the sizes Windows shows."""
import math
import struct
import sys
import xml.etree.ElementTree as xml
import zlib

SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
SVG = "{http://www.w3.org/2000/svg}"


def colour(text):
    digits = text.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return tuple(int(digits[at:at + 2], 16) for at in (0, 2, 4))


def rectangles(path):
    root = xml.parse(path).getroot()
    edge = float(root.get("viewBox").split()[2])
    shapes = []
    for entry in root:
        if entry.tag != SVG + "rect":
            raise SystemExit(f"{path}: only rectangles can be drawn, not {entry.tag}")
        x, y, width, height, radius = (float(entry.get(name, "0")) for name in ("x", "y", "width", "height", "rx"))
        shapes.append((x + width / 2, y + height / 2, width / 2, height / 2, radius, colour(entry.get("fill"))))
    return edge, shapes


def draw(edge, shapes, size):
    """Rows of (red, green, blue, alpha); edges are softened by how far a pixel's middle is from the outline."""
    scale = size / edge
    rows = []
    for row in range(size):
        line = []
        for column in range(size):
            pixel, alpha = (0.0, 0.0, 0.0), 0.0
            for cx, cy, half_w, half_h, radius, fill in shapes:
                dx = abs(column + 0.5 - cx * scale) - (half_w - radius) * scale
                dy = abs(row + 0.5 - cy * scale) - (half_h - radius) * scale
                outside = math.hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0) - radius * scale
                cover = min(max(0.5 - outside, 0), 1)
                if cover:
                    total = cover + alpha * (1 - cover)
                    pixel = tuple((new * cover + old * alpha * (1 - cover)) / total for new, old in zip(fill, pixel))
                    alpha = total
            line.append((*(round(value) for value in pixel), round(alpha * 255)))
        rows.append(line)
    return rows


def png(rows):
    size = len(rows)
    raw = b"".join(b"\0" + bytes(value for pixel in row for value in pixel) for row in rows)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


def bitmap(rows):
    """Bottom row first, blue first, and an (empty) mask of one bit a pixel, as icons want it."""
    size = len(rows)
    head = struct.pack("<IiiHHIIiiII", 40, size, size * 2, 1, 32, 0, 0, 0, 0, 0, 0)
    colours = b"".join(bytes((b, g, r, a)) for row in reversed(rows) for r, g, b, a in row)
    return head + colours + bytes((size + 31) // 32 * 4 * size)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    edge, shapes = rectangles(sys.argv[1])
    images = [(size, png(rows) if size > 64 else bitmap(rows)) for size in SIZES for rows in [draw(edge, shapes, size)]]
    at = 6 + 16 * len(images)
    out = struct.pack("<HHH", 0, 1, len(images))
    for size, data in images:
        out += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), at)
        at += len(data)
    with open(sys.argv[2], "wb") as file:
        file.write(out + b"".join(data for _, data in images))


if __name__ == "__main__":
    main()
