/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Why a fault happened: one word, and the facts that it was concluded from. */
#ifndef PFWATCH_CAUSE_H
#define PFWATCH_CAUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

/* What is known of a fault, each a bit of struct cause.facts. What isn't known has no bit, in neither way. */
enum fact {
	/* the access */
	FACT_READ, FACT_WRITE, FACT_EXEC, FACT_KERNEL_MODE, FACT_KERNEL_ADDRESS, FACT_PKEY,
	/* the entry at the beginning; PRESENT and ABSENT: as the processor said, where the entry itself isn't known */
	FACT_BEFORE_NONE, FACT_BEFORE_SWAP, FACT_BEFORE_MIGRATION, FACT_BEFORE_PROTNONE, FACT_BEFORE_HWPOISON,
	FACT_BEFORE_DEVICE, FACT_BEFORE_MARKER, FACT_BEFORE_POISONED, FACT_BEFORE_GUARD, FACT_BEFORE_DENIES,
	FACT_BEFORE_ALLOWS, FACT_BEFORE_ZERO, FACT_BEFORE_UFFD, FACT_PRESENT, FACT_ABSENT,
	/* the mapping */
	FACT_ANON, FACT_SHMEM, FACT_FILE, FACT_HUGETLB, FACT_SPECIAL, FACT_PRIVATE, FACT_SHARED, FACT_NO_MAPPING,
	FACT_DENIED, FACT_SMALL, FACT_GREW, FACT_UFFD_MISSING, FACT_UFFD_WP, FACT_UFFD_MINOR,
	/* the entry and its page at the end; LATE: as the walker found them some time later */
	FACT_LATE, FACT_AFTER_4K, FACT_AFTER_2M, FACT_AFTER_1G, FACT_AFTER_ALLOWS, FACT_SAME_PAGE, FACT_OTHER_PAGE,
	FACT_PAGE_ZERO, FACT_PAGE_ANON, FACT_PAGE_FILE, FACT_PAGE_SHMEM, FACT_PAGE_HUGETLB,
	/* the end; HANDLED: handle_mm_fault() was called, UNHANDLED: it is over without anything being done */
	FACT_HANDLED, FACT_UNHANDLED, FACT_RETRY, FACT_MINOR, FACT_MAJOR, FACT_SEGV, FACT_SIGBUS, FACT_OOM,
	FACT_SIGNALLED,
	FACTS,
};

/*
 * Knows nothing but the fault: not the kernel's version, not the faults before it. Where the facts would fit several
 * causes, it is CAUSE_UNKNOWN.
 */
void cause_find(const struct fault *fault, const struct geometry *geometry, struct cause *cause);

const char *cause_name(enum cause_word word);	/* of PADDED_NAME bytes */

/* Whether there is a cause of that name (of length characters). */
bool cause_by_name(const char *name, size_t length, enum cause_word *word);

/* A fact for programs (a word), and for people (a phrase). */
const char *fact_name(enum fact fact);
const char *fact_phrase(enum fact fact);

static inline bool cause_has(const struct cause *cause, enum fact fact)
{
	return cause->facts >> fact & 1;
}

#endif
