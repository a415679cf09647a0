/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What every user of a BPF object has to ask and to say. */
#ifndef PFWATCH_BPF_UTIL_H
#define PFWATCH_BPF_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the kernel describes its types, else why; and makes libbpf silent. To be called before all else of libbpf. */
bool bpf_prepare(char *why, size_t size);

/* The reason of a failure as a line; error is a positive errno. */
void bpf_explain(char *why, size_t size, const char *what, int error);

/* By the number of its release; where that can't be read: false. */
bool kernel_is_before(unsigned int major, unsigned int minor);

/*
 * What the programs need to know of this machine; 0, or a negative errno and why.
 *   cpus    one more than the highest CPU number
 *   pid_ns  inode number of our PID namespace, 0 for the initial one
 */
int bpf_count_cpus(uint32_t *cpus, char *why, size_t size);
int bpf_pid_namespace(uint32_t *pid_ns, char *why, size_t size);

#endif
