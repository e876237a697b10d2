"""A plot with two logarithmic axes, as SVG."""
import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 36, 46
COLOURS = ("#1f5fa8", "#b5502a", "#3a7d44", "#7a4fa0")


def short(value):
    """1500 as 1.5k."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:.3g}{unit}"
    return f"{value:.3g}"


class Axis:
    """Values from their lowest to their highest, on `start`..`end` pixels."""

    def __init__(self, values, start, end):
        self.low = math.floor(math.log10(min(values)))
        self.high = max(math.ceil(math.log10(max(values))), self.low + 1)
        self.start, self.end = start, end

    def place(self, value):
        return self.start + (math.log10(value) - self.low) / (self.high - self.low) * (self.end - self.start)

    def decades(self):
        return [10.0 ** e for e in range(self.low, self.high + 1)]


def text(x, y, what, anchor="middle", extra=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>{escape(what)}</text>'


def svg(title, x_name, lines):
    """`lines` is name: [(x, y), ...]; points where one is not above zero cannot be shown. Dashed is what is linear."""
    lines = {name: [(x, y) for x, y in points if x > 0 and y > 0] for name, points in lines.items()}
    x_axis = Axis([x for points in lines.values() for x, _ in points], LEFT, WIDTH - RIGHT)
    y_axis = Axis([y for points in lines.values() for _, y in points], HEIGHT - BOTTOM, TOP)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
           'font-size="12" fill="#222">', f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
           text((LEFT + WIDTH - RIGHT) / 2, 20, title, extra=' font-size="14"'),
           text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, x_name)]
    for x in x_axis.decades():
        at = x_axis.place(x)
        out += [f'<path d="M{at:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>',
                text(at, HEIGHT - BOTTOM + 16, short(x))]
    for y in y_axis.decades():
        at = y_axis.place(y)
        out += [f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>', text(LEFT - 6, at + 4, short(y), "end")]
    labels = []
    for (name, points), colour in zip(lines.items(), COLOURS):
        places = [(x_axis.place(x), y_axis.place(y)) for x, y in points]
        out.append(f'<path d="M{" L".join(f"{x:.1f} {y:.1f}" for x, y in places)}" fill="none" stroke="{colour}" '
                   'stroke-width="2"/>')
        for (x, y), (size, cost) in zip(places, points):  # the title is shown under the mouse
            out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}">'
                       f'<title>{short(size)}: {short(cost)} {escape(name)}</title></circle>')
        label = places[-1][1] + 4
        while any(abs(label - other) < 14 for other in labels):
            label += 1
        labels.append(label)
        out.append(text(places[-1][0] + 8, label, name, "start", f' fill="{colour}"'))
        out.append(linear(points, x_axis, y_axis, colour))
    return "\n".join([*out, "</svg>", ""])


def linear(points, x_axis, y_axis, colour):
    """From the last point back as far as the plot goes: what lies on it or above has grown no faster than linearly."""
    x, y = points[-1]
    start = max(points[0][0], x * 10.0 ** y_axis.low / y)
    return (f'<path d="M{x_axis.place(start):.1f} {y_axis.place(y * start / x):.1f} L{x_axis.place(x):.1f} '
            f'{y_axis.place(y):.1f}" stroke="{colour}" stroke-dasharray="2 4" opacity="0.6"/>')
