/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The model of a fault: what the tracer saw at its beginning and its end, and what the walker found afterwards. */
#ifndef PFWATCH_FAULT_H
#define PFWATCH_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "code_place.h"
#include "path.h"
#include "vma.h"

#define COMM_LEN 16

enum access { ACCESS_READ, ACCESS_WRITE, ACCESS_EXEC, ACCESSES };

/* How the question for the path ended; gone: the address space is no more; none: nobody asked. */
enum walk_status { WALK_OK, WALK_GONE, WALK_STALE, WALK_FAILED, WALK_STATUSES, WALK_NONE = WALK_STATUSES };

/* How the kernel was done with it; RESULT_NONE: nothing was seen that would tell. */
enum fault_result {
	RESULT_NONE, RESULT_MINOR, RESULT_MAJOR, RESULT_SEGV, RESULT_SIGBUS, RESULT_OOM, RESULTS,
};

/* What handle_mm_fault() said, of all its calls for one fault (VM_FAULT_* of the kernel, the same from 5.10 to 7.x). */
enum fault_said {
	SAID_OOM = 0x1, SAID_SIGBUS = 0x2, SAID_MAJOR = 0x4, SAID_HWPOISON = 0x10, SAID_SIGSEGV = 0x40,
	SAID_NOPAGE = 0x100, SAID_LOCKED = 0x200, SAID_RETRY = 0x400, SAID_COMPLETED = 0x4000,
};

/* Why it happened, the words of the interface. */
enum cause_word {
	CAUSE_FIRST_TOUCH, CAUSE_ZERO_PAGE, CAUSE_THP, CAUSE_COW, CAUSE_COW_REUSE, CAUSE_SHMEM, CAUSE_FILE_MINOR,
	CAUSE_FILE_MAJOR, CAUSE_WRITE_NOTIFY, CAUSE_SWAP_IN, CAUSE_NUMA_HINT, CAUSE_MIGRATION, CAUSE_HUGETLB,
	CAUSE_USERFAULT, CAUSE_STACK, CAUSE_SPURIOUS, CAUSE_SEGV, CAUSE_SIGBUS, CAUSE_OOM, CAUSE_KERNEL, CAUSE_UNKNOWN,
	CAUSES,
};

/* Why a stack has no more frames than it has. */
enum stack_end {
	STACK_NOT_TAKEN,
	STACK_ENDS,	/* there is no further frame pointer */
	STACK_NO_CODE,	/* what is there is none: that was no frame pointer */
	STACK_CUT,	/* there is no room for more */
	STACK_LOST,	/* there was no room for it */
};

#define MAX_FRAMES 64

struct frame {
	uint64_t ip;
	struct code_place code;
};

struct cause {
	uint64_t facts;		/* what it was concluded from: bits by enum fact of cause.h */
	uint8_t word;		/* enum cause_word */
};

struct fault {
	uint64_t ts;		/* CLOCK_MONOTONIC, ns */
	uint64_t addr;
	uint64_t ip;
	uint64_t space;		/* identity of the address space, opaque */
	uint32_t pid;
	uint32_t tid;
	uint32_t cpu;
	char comm[COMM_LEN];	/* always terminated */

	union {
		struct {
			uint32_t error_code;
			uint32_t said;		/* enum fault_said */
			int32_t signal_code;	/* si_code, where result is RESULT_SEGV or RESULT_SIGBUS; 0: unknown */
			uint8_t result;		/* enum fault_result */
			uint8_t walk_status;	/* enum walk_status */
			bool kernel_mode;
			bool unfinished;	/* it may be at work still: nothing has told of its end */
			bool has_before, has_left, has_latency, has_said, has_vma;
			bool has_growth, grew;	/* whether a stack grew from the beginning to the end */
		};
		uint64_t traits[3];	/* all of these, to compare them at once */
	};

	/* As the kernel-side programs saw it, where the kernel lets them run. */
	struct path before;	/* at the beginning */
	struct path left;	/* at the end: what the fault left behind */
	uint64_t latency;	/* ns from the beginning to the last return of handle_mm_fault() */
	struct vma vma;		/* the mapping at the end, without its name; start and end 0: there is none */

	uint64_t age;		/* ns from the fault to the walk, or to the answer that there is none */
	struct path after;	/* only where walk_status is WALK_OK or WALK_STALE */

	struct cause cause;

	/*
	 * Whose it was, as far as it is shown: vma with its name (NULL: not known), and the rest. Faults of the same
	 * origin, if it isn't 0, are alike in space, pid, comm, has_vma, vma, ip and code.
	 */
	uint64_t origin;
	struct code_place code;		/* what ip is in */
	bool has_cpu_node, has_page_node;
	uint16_t cpu_node, page_node;	/* of NUMA */
	int32_t stack_id;		/* by which the tracer knows the stack; negative: it has none */
	uint8_t stack_end;		/* enum stack_end */
	size_t frames;
	const struct frame *stack;	/* of user mode, the innermost first */
};

_Static_assert(offsetof(struct fault, grew) < offsetof(struct fault, traits) + sizeof(((struct fault *)0)->traits),
	       "traits has them all");

/* Of the faults of one CPU: seen = printed + filtered + lost. */
struct cpu_totals {
	uint64_t seen, printed, filtered, lost;
};

struct totals {
	uint64_t seen, printed, filtered, lost;
	const struct cpu_totals *cpu;	/* of these, by the CPU where they began */
	uint32_t cpus;
	uint64_t walks[WALK_STATUSES];	/* of those printed */
	uint64_t causes[CAUSES];	/* likewise */
};

/* Bits of the x86 page-fault error code (Intel SDM vol. 3, 4.7). */
#define ERROR_WRITE	(1u << 1)
#define ERROR_INSTR	(1u << 4)

static inline enum access fault_access(const struct fault *fault)
{
	if (fault->error_code & ERROR_INSTR)
		return ACCESS_EXEC;
	return fault->error_code & ERROR_WRITE ? ACCESS_WRITE : ACCESS_READ;
}

/* What is behind its end is 0, too. */
static inline bool comm_is_same(const char one[COMM_LEN], const char other[COMM_LEN])
{
	uint64_t a[2], b[2];

	_Static_assert(sizeof(a) == COMM_LEN, "two words hold it");
	memcpy(a, one, sizeof(a));
	memcpy(b, other, sizeof(b));
	return a[0] == b[0] && a[1] == b[1];
}

const char *access_name(enum access access);	/* read, write, exec */

/*
 * What is shown as the path afterwards: the walker's; of what is gone, or wasn't asked for, the one that the fault left.
 * NULL: neither.
 */
static inline const struct path *fault_after(const struct fault *fault)
{
	switch (fault->walk_status) {
	case WALK_OK:
	case WALK_STALE: return &fault->after;
	case WALK_GONE:
	case WALK_NONE: return fault->has_left ? &fault->left : NULL;
	default: return NULL;
	}
}

const char *walk_status_name(enum walk_status status);
const char *fault_result_name(enum fault_result result);	/* NULL for RESULT_NONE */

#endif
