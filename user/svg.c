// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "svg.h"

#include <stdio.h>

void put_xml(struct output *out, const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '<': put_str(out, "&lt;"); break;
		case '>': put_str(out, "&gt;"); break;
		case '&': put_str(out, "&amp;"); break;
		case '"': put_str(out, "&quot;"); break;
		default:
			if ((unsigned char)*s >= 0x20 && *s != 0x7f)
				put_char(out, *s);
		}
	}
}

static void put_number(struct output *out, const char *attribute, double value)
{
	char text[64];

	snprintf(text, sizeof(text), " %s=\"%.1f\"", attribute, value);
	put_str(out, text);
}

void svg_begin(struct output *out, unsigned int width, unsigned int height)
{
	char head[256];

	snprintf(head, sizeof(head),
		 "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %u %u\" width=\"%u\" height=\"%u\" "
		 "font-family=\"DejaVu Sans, Verdana, Arial, sans-serif\">\n", width, height, width, height);
	put_str(out, head);
	put_str(out, "<defs><pattern id=\"hatch\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
		     "<rect width=\"8\" height=\"8\" fill=\"#cfe0ee\"/>"
		     "<path d=\"M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4\" stroke=\"#1f4e79\" stroke-width=\"2\"/>"
		     "</pattern></defs>\n");
	put_str(out, "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
}

void svg_end(struct output *out)
{
	put_str(out, "</svg>\n");
}

void svg_text(struct output *out, const struct svg_text *where, const char *text)
{
	static const char *const anchors[] = { "", " text-anchor=\"middle\"", " text-anchor=\"end\"" };

	put_str(out, "<text");
	put_number(out, "x", where->x);
	put_number(out, "y", where->y);
	put_number(out, "font-size", where->size);
	put_str(out, anchors[where->anchor]);
	put_str(out, where->bold ? " font-weight=\"bold\"" : "");
	put_str(out, where->mono ? " font-family=\"DejaVu Sans Mono, Consolas, monospace\" xml:space=\"preserve\"" :
			     "");
	put_str(out, ">");
	put_xml(out, text);
	put_str(out, "</text>\n");
}

static void put_rect(struct output *out, double x, double y, double width, double height)
{
	put_str(out, "<rect");
	put_number(out, "x", x);
	put_number(out, "y", y);
	put_number(out, "width", width);
	put_number(out, "height", height);
}

void svg_box(struct output *out, double x, double y, double width, double height, bool heavy)
{
	put_rect(out, x, y, width, height);
	put_str(out, heavy ? " fill=\"#eef4f9\" stroke=\"black\" stroke-width=\"3\"/>\n" :
			     " fill=\"none\" stroke=\"black\" stroke-width=\"1\"/>\n");
}

void svg_bar(struct output *out, double x, double y, double width, double height)
{
	put_rect(out, x, y, width < 1 ? 1 : width, height);
	put_str(out, " fill=\"url(#hatch)\" stroke=\"black\" stroke-width=\"1\"/>\n");
}

void svg_line(struct output *out, double x1, double y1, double x2, double y2)
{
	put_str(out, "<line");
	put_number(out, "x1", x1);
	put_number(out, "y1", y1);
	put_number(out, "x2", x2);
	put_number(out, "y2", y2);
	put_str(out, " stroke=\"black\" stroke-width=\"1\"/>\n");
}

void svg_arrow_down(struct output *out, double x, double from, double to)
{
	svg_line(out, x, from, x, to);
	svg_line(out, x - 4, to - 5, x, to);
	svg_line(out, x + 4, to - 5, x, to);
}
