/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Numbers as they are written on the command line. Each returns false if the whole word isn't one. */
#ifndef PFWATCH_OPTIONS_H
#define PFWATCH_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit statuses of the interface. */
enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

bool parse_u64(const char *word, uint64_t *value);		/* decimal, or hexadecimal with 0x */
bool parse_pid(const char *word, uint32_t *pid);		/* 1 to INT32_MAX */
bool parse_size(const char *word, uint64_t *bytes);		/* decimal, K, M or G may stand behind it */
bool parse_range(const char *word, uint64_t *start, uint64_t *end);	/* START-END; nothing is said of their order */
bool parse_time(const char *word, uint64_t *ns);		/* decimal, with ns, us, ms or s; at least a ns */
bool parse_seconds(const char *word, uint64_t *ns);		/* decimal, a fraction is allowed, more than 0 */

struct pid_list {
	uint32_t *pid;
	size_t n;
};

bool parse_pids(const char *word, struct pid_list *list);	/* PID[,PID...], added to the list */

#endif
