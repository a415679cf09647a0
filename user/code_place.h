/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The model of a place in a program. */
#ifndef PFWATCH_CODE_PLACE_H
#define PFWATCH_CODE_PLACE_H

#include <stdint.h>

/* What isn't known is NULL. The strings live as long as the symbols that they are from. */
struct code_place {
	const char *symbol;	/* the function, */
	uint64_t past;		/* and how far behind its beginning */
	const char *source;	/* the file's name, without its directory */
	unsigned int line;
	const char *module;	/* the path of the program or library, as in /proc/PID/maps, */
	uint64_t offset;	/* and where in it */
};

#endif
