/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the guest's init (init.c) sends to the host (demux.c) through the one
 * virtio port they share: frames, each a header and `length` bytes.
 *
 * One channel for all, not a port for each stream: what comes through it stays
 * in order. So the END frame says that all before it has arrived, which the
 * guest could not know of another port's queue.
 */
#ifndef PFWATCH_VM_CHANNEL_H
#define PFWATCH_VM_CHANNEL_H

#include <stdint.h>

#define CHANNEL_NAME "pfwatch"	/* the virtio port's */
#define CHANNEL_MAX  65536	/* bytes after one header */

enum channel_stream {
	CHANNEL_OUT = 1,	/* what the command wrote to its stdout */
	CHANNEL_ERR = 2,	/* ... and to its stderr */
	CHANNEL_LOG = 3,	/* the kernel log, as text */
	CHANNEL_END = 4,	/* "TOKEN STATUS" or "TOKEN failed REASON"; the last frame */
};

struct channel_header {
	uint32_t stream;
	uint32_t length;
};

#endif
