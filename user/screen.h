/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The terminal, for a command that draws it anew again and again. The sequences are those of ECMA-48 that every
 * terminal since the VT100 has, with the alternate screen of xterm: there is no terminfo to depend on.
 */
#ifndef PFWATCH_SCREEN_H
#define PFWATCH_SCREEN_H

#include <stdbool.h>

#include "output.h"

#define SCREEN_LINE_END "\033[K\r\n"	/* what is left of an older line is cleared */

/* False: standard input and output are no terminal. */
bool screen_begin(struct output *out);
void screen_end(struct output *out);	/* as it was before; without screen_begin() nothing is done */

/* Around the lines of a picture. */
void screen_frame(struct output *out);
void screen_frame_end(struct output *out);

unsigned int screen_height(void);
int screen_key(void);			/* -1: none was pressed. Doesn't wait. */

#endif
