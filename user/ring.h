/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The reader's end of the kernel's ring buffer (kernel/bpf/ringbuf.c, Documentation/bpf/ringbuf.rst). libbpf has one,
 * too: it maps the data twice, all of which counts as memory of ours, and calls back for each record.
 */
#ifndef PFWATCH_RING_H
#define PFWATCH_RING_H

#include <stddef.h>

/* The longest record that is read. */
#define RING_RECORD 512

struct ring;

/* Of a map of the type BPF_MAP_TYPE_RINGBUF with size bytes; NULL, and errno. */
struct ring *ring_open(int map_fd, size_t size);
void ring_close(struct ring *ring);

/* The oldest record, if it is complete; it stays until it is dropped. NULL: there is none, or not yet. */
const void *ring_next(struct ring *ring, size_t *len);
void ring_drop(struct ring *ring);

#endif
