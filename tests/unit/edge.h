/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Messages that end where memory does: one byte read too far ends the test, with no sanitizer needed. */
#ifndef PFWATCH_TEST_EDGE_H
#define PFWATCH_TEST_EDGE_H

#include <sys/mman.h>

#include "fixture.h"

#define ROOM	65536UL

static char *room_end;	/* ROOM bytes before it are memory, none behind it is */

static int make_room(void **state)
{
	char *room = mmap(NULL, ROOM + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	if (room == MAP_FAILED || mprotect(room + ROOM, 4096, PROT_NONE))
		return -1;
	room_end = room + ROOM;
	return 0;
}

static int free_room(void **state)
{
	(void)state;
	return munmap(room_end - ROOM, ROOM + 4096);
}

/* A copy that ends there. */
static char *at_the_edge(const void *bytes, size_t len)
{
	assert_true(len <= ROOM);
	return memcpy(room_end - len, bytes, len);
}

#endif
