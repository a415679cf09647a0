/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* All that can be known of addresses of a process: the walker's paths and mappings, and what /proc and /sys add. */
#ifndef PFWATCH_RESOLVER_H
#define PFWATCH_RESOLVER_H

#include "answer.h"
#include "walker.h"

/* Addresses asked for at once, at the most. */
#define RESOLVER_BATCH 4096

struct resolver;

/* whole_pages: all that can be known of a page is asked for, not only its kind. NULL: out of memory. */
struct resolver *resolver_new(struct walker *walker, bool whole_pages);
void resolver_free(struct resolver *resolver);

/* 0; or what walker_resolve() returns. The addresses are the caller's, who keeps them. */
int resolver_ask(struct resolver *resolver, uint32_t pid, const uint64_t *addrs, size_t n);

/* There is no answer for any of n addresses: all are in this state. */
void resolver_give_up(struct resolver *resolver, uint32_t pid, const uint64_t *addrs, size_t n, enum state state);

/* Valid until the next question. */
struct answer resolver_answer(const struct resolver *resolver, size_t i);

#endif
