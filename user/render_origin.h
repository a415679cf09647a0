/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Whose a fault was, for people: lines of a block. What isn't known takes none. */
#ifndef PFWATCH_RENDER_ORIGIN_H
#define PFWATCH_RENDER_ORIGIN_H

#include "fault.h"
#include "output.h"

/* "  main+0x1f  first_touch.c:33  in /usr/bin/first_touch" */
void put_code(struct output *out, const struct code_place *code);

/* The same in so many columns: without the module, and then the source, of what is wider; at last the name is cut. */
void put_code_within(struct output *out, const struct code_place *code, unsigned int room);
void put_origin(struct output *out, const struct fault *fault);

/* A line for each frame, and how it ends; behind a line of text or in a block. */
void put_stack(struct output *out, const struct fault *fault);

#endif
