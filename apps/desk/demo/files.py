"""Small files for the demo mission, made here: text, a sketch as PNG, a page of PDF."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw


def made(name: str, title: str, lines: tuple[str, ...]) -> bytes:
    """The content of a file whose ending says what it is: .txt, .png or .pdf."""
    ending = name.rpartition(".")[2]
    if ending == "png":
        return _sketch(title, lines)
    if ending == "pdf":
        return _page(title, lines)
    return ("\n".join((title, "=" * len(title), "", *lines)) + "\n").encode()


def _sketch(title: str, stops: tuple[str, ...]) -> bytes:
    """A line of stops from left to right, as people draw a route on paper."""
    picture = Image.new("RGB", (720, 240), "#ffffff")
    draw = ImageDraw.Draw(picture)
    draw.text((20, 14), title, fill="#1a1a1a")
    step = 620 // max(1, len(stops) - 1)
    points = [(50 + index * step, 130 + (26 if index % 2 else -26)) for index in range(len(stops))]
    draw.line(points, fill="#0b5c8f", width=4)
    for (x, y), stop in zip(points, stops, strict=True):
        draw.ellipse((x - 7, y - 7, x + 7, y + 7), fill="#ffffff", outline="#083f63", width=3)
        draw.text((x - 24, y + 14), stop, fill="#1a1a1a")
    draw.text((20, 212), "Sketch, not to scale", fill="#4d5b66")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _page(title: str, lines: tuple[str, ...]) -> bytes:
    """One page of text in a font that every reader has."""
    rows = [f"BT /F1 16 Tf 60 780 Td ({_escaped(title)}) Tj ET"]
    rows += [f"BT /F1 11 Tf 60 {745 - 18 * n} Td ({_escaped(line)}) Tj ET" for n, line in enumerate(lines)]
    stream = "\n".join(rows).encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
