/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The program that a demonstration watches: a process that does, one after another, what it is told. It is pfwatch,
 * executed anew, so that nothing of the watcher is in its memory; and it can have a child, forked, that is told
 * likewise.
 */
#ifndef PFWATCH_DEMO_ACTOR_H
#define PFWATCH_DEMO_ACTOR_H

#include <stdbool.h>
#include <stdint.h>

enum act {
	ACT_HELLO,	/* is there, and has used all it needs to answer */
	ACT_ALLOCATE,	/* with the C library: length bytes, aligned to step */
	ACT_MAP,	/* length bytes at address, or anywhere, aligned to step; of open_file, or of nothing */
	ACT_UNMAP,
	ACT_TOUCH,	/* count bytes from address on, each step behind the other */
	ACT_ADVISE,	/* madvise() */
	ACT_PROTECT,	/* mprotect() */
	ACT_LOCK,	/* mlock() */
	ACT_FORK,	/* a child: who is told with in_child. One at a time. */
	ACT_END_CHILD,
	ACT_OPEN,	/* the file path, with flags; "": one in memory. length bytes are written to it */
	ACT_EVICT,	/* the open file from the page cache */
	ACT_DESCEND,	/* calls itself, count deep, with half a page of stack each; step: RLIMIT_STACK then */
	ACT_THREADS,	/* as ACT_TOUCH, by so many threads at once, each in its own part */
};

#define MAX_ACTOR_THREADS	16

struct order {
	uint32_t act;
	bool in_child, write, open_file;
	uint32_t threads;
	uint64_t address, length, step, count;
	uint64_t pause;		/* ns before each touch */
	int32_t prot, flags, advice;
	char path[96];
};

struct said {
	int32_t error;		/* errno of what could not be done; 0: it is done */
	int32_t signal;		/* that the child has died of; 0: none */
	uint32_t pid;
	uint64_t ns;		/* that it took */
	uint64_t address, length;	/* of the memory that it was about */
	int32_t fd;		/* of ACT_OPEN */
};

/* Until socket is closed. */
int actor_main(int socket);

#endif
