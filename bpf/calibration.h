/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What bpf/calibrate.bpf.c is asked and what it answers: memory that it shares with user/direct_map.c. */
#ifndef PFWATCH_CALIBRATION_H
#define PFWATCH_CALIBRATION_H

/* So many pages agree by no accident. */
#define CALIBRATION_PAGES 4

struct calibration {
	/* a guess, as in bpf/walk.bpf.h */
	__u64 direct_map;
	__u64 entry_mask;
	__u32 levels;
	__u32 reserved;
	__u64 addr[CALIBRATION_PAGES];
	__u64 variable;		/* address of a kernel variable, */

	__u64 value;		/* and its value, 0 if it can't be read */
	__u64 pgd;
	__u32 n[CALIBRATION_PAGES];	/* entries, of a path each */
	__u64 entry[CALIBRATION_PAGES][5];
};

_Static_assert(sizeof(struct calibration) == 256, "struct calibration is an ABI between two compilers");

#endif
