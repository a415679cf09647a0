// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads page tables of the process that runs it, by what that takes to be the kernel's map of all memory; whether it is
 * right it can tell from what it knows of its own pages. Run once (BPF_PROG_TEST_RUN), attached to nothing.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "calibration.h"
#include "core_compat.bpf.h"
#include "walk.bpf.h"

char LICENSE[] SEC("license") = "GPL";

struct calibration calibration;

static __always_inline __u64 own_pgd(void)
{
	struct mm_struct *mm = CURRENT_READ(current_task(), mm);

	return mm ? (__u64)CURRENT_READ(mm, pgd) : 0;
}

SEC("raw_tp/sys_enter")
int read_pgd(void *ctx)
{
	calibration.pgd = own_pgd();
	return 0;
}

SEC("raw_tp/sys_enter")
int walk_self(void *ctx)
{
	struct walk_space space = { calibration.direct_map, calibration.entry_mask, calibration.levels };
	__u64 pgd = own_pgd();
	__u32 i;

	for (i = 0; i < CALIBRATION_PAGES; i++)
		calibration.n[i] = walk_tables_of(&space, pgd, calibration.addr[i], calibration.entry[i]);
	return 0;
}

/* What a kernel variable holds, by its address. */
SEC("raw_tp/sys_enter")
int read_variable(void *ctx)
{
	const void *variable = (const void *)calibration.variable;

	calibration.value = 0;
	bpf_probe_read_kernel(&calibration.value, sizeof(calibration.value), variable);
	return 0;
}
