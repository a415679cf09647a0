/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which NUMA node memory and processors are of: /sys/devices/system. */
#ifndef PFWATCH_NODES_H
#define PFWATCH_NODES_H

#include <stdint.h>

struct nodes;

/* sys: "/sys". What is missing there is not known. NULL: out of memory. */
struct nodes *nodes_open(const char *sys);
void nodes_close(struct nodes *nodes);

/* -1: not known. */
int nodes_of_page(struct nodes *nodes, uint64_t pfn);
int nodes_of_cpu(struct nodes *nodes, unsigned int cpu);

#endif
