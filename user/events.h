/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a stream waits for, besides its faults: the end of processes, signals, the time. */
#ifndef PFWATCH_EVENTS_H
#define PFWATCH_EVENTS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct events;

/* Blocks the signals that end a stream; *mask is what was before. NULL on failure, and errno. */
struct events *events_open(sigset_t *mask);
void events_close(struct events *events);

int events_add_buffer(struct events *events, int fd);		/* wakes up when signalled; 0 or a negative errno */
int events_add_process(struct events *events, uint32_t pid);	/* likewise; -ESRCH: it is no more */
int events_set_duration(struct events *events, uint64_t ns);	/* likewise */

/* Readable when a signal is pending. Not to be read from. */
int events_signal_fd(const struct events *events);

enum event_kind { EVENT_NONE, EVENT_EXIT, EVENT_SIGNAL, EVENT_TIME };

struct happening {
	enum event_kind kind;
	uint32_t pid;		/* EVENT_EXIT: which process */
	int signal;		/* EVENT_SIGNAL */
	bool from_terminal;	/* EVENT_SIGNAL: the whole foreground job got it */
};

/*
 * Waits until something happens, a buffer is signalled, or timeout_ms have passed (-1: for ever). One thing at a time;
 * EVENT_NONE is all that needs no action but a drain.
 */
struct happening events_wait(struct events *events, int timeout_ms);

#endif
