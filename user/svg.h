/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The pieces of a picture that prints in black and white: text, boxes, hatched bars, arrows. No scripts, no styles that
 * a viewer might not know, nothing that lies in another file.
 */
#ifndef PFWATCH_SVG_H
#define PFWATCH_SVG_H

#include <stdbool.h>

#include "output.h"

enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };

struct svg_text {
	double x, y;		/* of its baseline */
	unsigned int size;	/* of its characters, in pixels */
	enum anchor anchor;
	bool bold, mono;
};

void svg_begin(struct output *out, unsigned int width, unsigned int height);
void svg_end(struct output *out);

void svg_text(struct output *out, const struct svg_text *where, const char *text);

/* heavy: with a thick border. */
void svg_box(struct output *out, double x, double y, double width, double height, bool heavy);
void svg_bar(struct output *out, double x, double y, double width, double height);
void svg_arrow_down(struct output *out, double x, double from, double to);
void svg_line(struct output *out, double x1, double y1, double x2, double y2);

/* Text in XML and in HTML. */
void put_xml(struct output *out, const char *s);

#endif
