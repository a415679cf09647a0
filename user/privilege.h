/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The one right that nothing here works without: CAP_SYS_ADMIN in the initial user namespace. The module asks for it,
 * pagemap hides physical addresses without it, and for BPF it stands for CAP_BPF and CAP_PERFMON as well.
 *
 * Asked where something failed, not before: what works is to be let.
 */
#ifndef PFWATCH_PRIVILEGE_H
#define PFWATCH_PRIVILEGE_H

#include <stdbool.h>
#include <stddef.h>

/* If it is missing, says so in why: it is what has to be mended first, whatever else there is. */
bool privilege_is_missing(char *why, size_t size);

#endif
