/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the parts of the module's client share: the socket, and the exchange of a request for its reply. */
#ifndef PFWATCH_WALKER_KMOD_H
#define PFWATCH_WALKER_KMOD_H

#include <libmnl/libmnl.h>
#include <stdbool.h>

#include "../kmod/uapi/pfwalk.h"
#include "walker_ops.h"

/*
 * A request is a head and the addresses; a message of a reply is 32 KiB at the most (net/netlink/af_netlink.c). The
 * kernel makes the buffer of each message, which it clears first, as large as the largest that the socket's reader
 * ever offered: so only who has a use for it offers all. Others begin with a page of the kernel's, which 256
 * neighbours have room in, and go on to the two that 256 scattered addresses take when a reply has come in pieces. In
 * both it has room for its own part of the buffer (struct skb_shared_info).
 */
#define REQUEST_SIZE	(PFWALK_MAX_ADDRS * sizeof(__u64) + 256)
#define REPLY_SIZE	(64 * 1024)
#define SMALL_OFFER	PFWALK_BUFFER
#define OFFER		(8 * 1024 - 512)

struct kmod_walker {
	struct walker base;
	struct mnl_socket *socket;
	unsigned int portid, seq;
	uint16_t family;
	bool has_runs;		/* the module knows PFWALK_A_COMPACT */
	size_t offer;		/* bytes; 0: SMALL_OFFER */
	char request[REQUEST_SIZE];
	char reply[REPLY_SIZE];
};

void set_error(struct kmod_walker *walker, const char *text);
int open_socket(struct kmod_walker *walker);	/* 0 or a negative errno, and walker->base.error */
struct nlmsghdr *start_request(struct kmod_walker *walker, uint16_t type, uint16_t flags, uint8_t cmd, uint8_t version);

/*
 * Sends the request and takes the whole reply. 0 or a negative errno, and walker->base.error. take() may end it with
 * MNL_CB_ERROR, and errno; what is still under way then is not taken for the answer to another request.
 */
int exchange(struct kmod_walker *walker, const struct nlmsghdr *nlh, mnl_cb_t take, void *data);

/* An attribute of the wrong size is one that isn't there. */
uint32_t get_u32(const struct nlattr *attr);
uint64_t get_u64(const struct nlattr *attr);

/* The records of PFWALK_A_VMAS, not aligned: to be taken one by one, by the size that their sender takes them to be. */
struct vma_records {
	const char *at;
	size_t n, size;
};

bool vma_records_open(struct vma_records *records, const struct nlattr *attr, uint32_t size);
void vma_records_get(const struct vma_records *records, size_t i, struct pfwalk_vma *record);
void take_vma(struct vma *vma, const struct pfwalk_vma *record);

/* As in struct walker_ops. */
int kmod_map(struct walker *base, uint32_t pid, uint64_t start, uint64_t end, const struct map_sink *sink,
	     struct table_pages *tables);

#endif
