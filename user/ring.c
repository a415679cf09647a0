// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "ring.h"

#include <linux/bpf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * Pages of the map: one with our position, which we write; one with the kernel's, behind which is the data. Positions
 * count bytes from the beginning of time, data is at them modulo its size. Each record has a header before it, and ends
 * where the next header can be.
 */
struct ring {
	unsigned long *ours;
	const unsigned long *kernels;
	const char *data;
	size_t page, size;
	unsigned long at;	/* where the record is that ring_next() tells of */
	size_t step;		/* bytes from its header to the next */
	char copy[RING_RECORD];	/* of a record that goes on at the beginning of the data */
};

struct ring *ring_open(int map_fd, size_t size)
{
	struct ring *ring = calloc(1, sizeof(*ring));
	void *ours, *kernels;

	if (!ring)
		return NULL;
	ring->page = sysconf(_SC_PAGESIZE);
	ring->size = size;
	ours = mmap(NULL, ring->page, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
	ring->ours = ours == MAP_FAILED ? NULL : ours;
	kernels = mmap(NULL, ring->page + size, PROT_READ, MAP_SHARED, map_fd, ring->page);
	ring->kernels = kernels == MAP_FAILED ? NULL : kernels;
	if (ring->ours && ring->kernels) {
		ring->data = (const char *)ring->kernels + ring->page;
		ring->at = *ring->ours;
		return ring;
	}
	ring_close(ring);
	return NULL;
}

void ring_close(struct ring *ring)
{
	if (!ring)
		return;
	if (ring->ours)
		munmap(ring->ours, ring->page);
	if (ring->kernels)
		munmap((void *)ring->kernels, ring->page + ring->size);
	free(ring);
}

static size_t place_of(const struct ring *ring, unsigned long at)
{
	return at & (ring->size - 1);
}

/* Headers lie at multiples of their own size, and so in one piece. */
static uint32_t read_header(const struct ring *ring)
{
	return __atomic_load_n((const uint32_t *)(ring->data + place_of(ring, ring->at)), __ATOMIC_ACQUIRE);
}

static const void *in_one_piece(struct ring *ring, size_t len)
{
	size_t place = place_of(ring, ring->at + BPF_RINGBUF_HDR_SZ), first = ring->size - place;

	if (len <= first)
		return ring->data + place;
	memcpy(ring->copy, ring->data + place, first);
	memcpy(ring->copy + first, ring->data, len - first);
	return ring->copy;
}

/* What the kernel has given up after it was begun, or can't be one of ours, is passed over. */
const void *ring_next(struct ring *ring, size_t *len)
{
	while (ring->at != __atomic_load_n(ring->kernels, __ATOMIC_ACQUIRE)) {
		uint32_t header = read_header(ring);

		if (header & BPF_RINGBUF_BUSY_BIT)
			return NULL;
		*len = header & ~BPF_RINGBUF_DISCARD_BIT;
		ring->step = (BPF_RINGBUF_HDR_SZ + *len + 7) & ~7UL;
		if (!(header & BPF_RINGBUF_DISCARD_BIT) && *len <= RING_RECORD)
			return in_one_piece(ring, *len);
		ring_drop(ring);
	}
	return NULL;
}

void ring_drop(struct ring *ring)
{
	ring->at += ring->step;
	__atomic_store_n(ring->ours, ring->at, __ATOMIC_RELEASE);
}
