/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A request for paths and its answer: memory that bpf/resolve.bpf.c shares with user/walker_bpf.c. The iterator takes
 * RESOLVE_CHUNK addresses at a time.
 */
#ifndef PFWATCH_RESOLVE_H
#define PFWATCH_RESOLVE_H

#define RESOLVE_MAX	1024	/* a multiple of the chunk */
#define RESOLVE_CHUNK	32

enum resolve_status {
	RESOLVE_NO_PROCESS,	/* until one is met */
	RESOLVE_NO_SPACE,	/* it has no address space */
	RESOLVE_OTHER_SPACE,	/* it has another one than is meant */
	RESOLVE_WALKING,	/* the first addresses are done */
	RESOLVE_DONE,
};

struct resolved_path {
	__u64 entry[5];		/* the first n of them */
	__u32 n;
	__u32 changed;		/* 1: the tables were replaced while they were read */
};

struct resolve {
	__u32 pid;		/* of the process, in pfwatch's PID namespace */
	__u32 n;		/* addresses */
	__u64 space;		/* identity of the address space that is meant; 0: that of the first chunk, put here */

	__u32 status;		/* enum resolve_status */
	__u32 done;		/* addresses; above n by less than a chunk in the end */
	__u64 time;		/* CLOCK_MONOTONIC ns, of the last chunk's beginning */
	__u64 addr[RESOLVE_MAX];
	struct resolved_path path[RESOLVE_MAX];
};

_Static_assert(sizeof(struct resolved_path) == 48 && sizeof(struct resolve) == 32 + RESOLVE_MAX * 56,
	       "struct resolve is an ABI between two compilers");

#endif
