// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The first step to a fault's cause: what is known of it is brought down to facts. */
#include "cause_facts.h"

#define ERROR_PRESENT	BIT(0)		/* Intel SDM vol. 3, 4.7 */
#define ERROR_PKEY	BIT(5)

#define ENTRY_SPECIAL	BIT(9)
#define ENTRY_UFFD	BIT(10)

#define MARKER_UFFD_WP	BIT(0)		/* PTE_MARKER_* of the kernel */
#define MARKER_POISONED	BIT(1)
#define MARKER_GUARD	BIT(2)

#define SMALL_SIZE	BIT(12)
#define HUGE_SIZE	BIT(21)

#define SIGNAL_PKEY	4		/* SEGV_PKUERR */

/* What is looked at again and again. */
struct evidence {
	const struct fault *fault;
	const struct path *before;	/* NULL: the entries aren't known, or aren't the process' */
	const struct path *end;		/* likewise */
	enum access access;
	bool private_anon;		/* the mapping is known to be */
};

/* Not of a kernel address: the process' tables are not what decides there. */
static bool is_known(const struct path *path)
{
	return path->levels && !path->changed && !path->kernel;
}

/* What the walker found is later than what the fault left, and still the best there is where nothing else is known. */
static const struct path *end_of(const struct fault *fault)
{
	const struct path *end = NULL;

	if (fault->has_left)
		end = &fault->left;
	else if (was_walked(fault))
		end = &fault->after;
	return end && is_known(end) ? end : NULL;
}

static struct evidence evidence_of(const struct fault *fault)
{
	const uint32_t kinds = VMA_ANON | VMA_SHARED | VMA_SHMEM | VMA_HUGETLB | VMA_PFNMAP;

	return (struct evidence){
		.fault = fault, .access = fault_access(fault),
		.before = fault->has_before && is_known(&fault->before) ? &fault->before : NULL,
		.end = end_of(fault),
		.private_anon = fault->has_vma && (fault->vma.flags & kinds) == VMA_ANON,
	};
}

static bool allows(const struct evidence *evidence, const struct path *path)
{
	return path_allows(path, evidence->access == ACCESS_WRITE, evidence->access == ACCESS_EXEC);
}

/* In private anonymous memory nothing but the zero page has the bit: it is the one page there that isn't counted. */
static bool is_zero_page(const struct evidence *evidence, const struct path *path)
{
	return path->page == PAGE_ZERO ||
	       (evidence->private_anon && path->kind == KIND_PAGE && path_leaf(path) & ENTRY_SPECIAL);
}

/* ---- the access ---- */

static uint64_t access_facts(const struct evidence *evidence, const struct geometry *geometry)
{
	static const uint64_t access[ACCESSES] = {
		[ACCESS_READ] = BIT(FACT_READ), [ACCESS_WRITE] = BIT(FACT_WRITE), [ACCESS_EXEC] = BIT(FACT_EXEC),
	};
	const struct fault *fault = evidence->fault;
	uint64_t facts = access[evidence->access];

	if (fault->kernel_mode)
		facts |= BIT(FACT_KERNEL_MODE);
	if (is_kernel_address(fault, geometry))
		facts |= BIT(FACT_KERNEL_ADDRESS);
	if (fault->error_code & ERROR_PKEY ||
	    (fault->result == RESULT_SEGV && fault->signal_code == SIGNAL_PKEY))
		facts |= BIT(FACT_PKEY);
	return facts;
}

/* ---- the beginning ---- */

static uint64_t present_facts(const struct evidence *evidence)
{
	const struct path *before = evidence->before;
	uint64_t facts = BIT(allows(evidence, before) ? FACT_BEFORE_ALLOWS : FACT_BEFORE_DENIES);

	if (is_zero_page(evidence, before))
		facts |= BIT(FACT_BEFORE_ZERO);
	if (path_leaf(before) & ENTRY_UFFD)
		facts |= BIT(FACT_BEFORE_UFFD);
	return facts;
}

static uint64_t marker_facts(const struct path *before)
{
	if (before->value & MARKER_GUARD)
		return BIT(FACT_BEFORE_GUARD);
	if (before->value & MARKER_POISONED)
		return BIT(FACT_BEFORE_POISONED);
	return before->value & MARKER_UFFD_WP ? BIT(FACT_BEFORE_MARKER) : 0;
}

/* What the processor said is all that is known. */
static uint64_t presence_facts(const struct fault *fault)
{
	return BIT(fault->error_code & ERROR_PRESENT ? FACT_PRESENT : FACT_ABSENT);
}

static uint64_t before_facts(const struct evidence *evidence)
{
	const struct path *before = evidence->before;

	if (!before)
		return presence_facts(evidence->fault);
	switch (before->kind) {
	case KIND_NONE:
		return BIT(FACT_BEFORE_NONE);
	case KIND_SWAP:
		return BIT(FACT_BEFORE_SWAP);
	case KIND_MIGRATION:
		return BIT(FACT_BEFORE_MIGRATION);
	case KIND_HWPOISON:
		return BIT(FACT_BEFORE_HWPOISON);
	case KIND_PROTNONE:
		return BIT(FACT_BEFORE_PROTNONE) | (path_leaf(before) & ENTRY_UFFD ? BIT(FACT_BEFORE_UFFD) : 0);
	case KIND_DEVICE:
		return BIT(FACT_BEFORE_DEVICE);
	case KIND_MARKER:
		return marker_facts(before);
	case KIND_PAGE:
		return present_facts(evidence);
	default:
		return presence_facts(evidence->fault);
	}
}

/* ---- the mapping ---- */

static enum fact mapping_kind(uint32_t flags)
{
	if (flags & VMA_HUGETLB)
		return FACT_HUGETLB;
	if (flags & VMA_SHMEM)
		return FACT_SHMEM;
	if (flags & VMA_PFNMAP)
		return FACT_SPECIAL;
	if (flags & VMA_ANON)
		return FACT_ANON;
	return flags & VMA_FILE ? FACT_FILE : FACT_SPECIAL;
}

/* By arch/x86/mm/fault.c, access_error(). */
static bool is_denied(uint32_t flags, enum access access)
{
	static const uint32_t needed[ACCESSES] = {
		[ACCESS_READ] = VMA_ACCESS, [ACCESS_WRITE] = VMA_WRITE, [ACCESS_EXEC] = VMA_EXEC,
	};

	return !(flags & needed[access]);
}

/* A huge page has to lie in the mapping with all its bytes. */
static bool has_no_room(const struct fault *fault)
{
	uint64_t start = fault->addr & ~(HUGE_SIZE - 1);

	return fault->vma.flags & VMA_NOHUGEPAGE || start < fault->vma.start || fault->vma.end - start < HUGE_SIZE;
}

/* A stack grows down to the page that was asked for, and no further; at that moment others may, too. */
static bool has_grown(const struct fault *fault)
{
	return fault->has_growth && fault->grew && fault->vma.flags & VMA_GROWSDOWN &&
	       fault->vma.start == (fault->addr & ~(SMALL_SIZE - 1));
}

static uint64_t uffd_facts(uint32_t flags)
{
	uint64_t facts = flags & VMA_UFFD_MISSING ? BIT(FACT_UFFD_MISSING) : 0;

	facts |= flags & VMA_UFFD_WP ? BIT(FACT_UFFD_WP) : 0;
	return facts | (flags & VMA_UFFD_MINOR ? BIT(FACT_UFFD_MINOR) : 0);
}

static uint64_t mapping_facts(const struct evidence *evidence)
{
	const struct fault *fault = evidence->fault;
	uint32_t flags = fault->vma.flags;
	uint64_t facts;

	if (!fault->has_vma)
		return 0;
	if (!fault->vma.end)
		return BIT(FACT_NO_MAPPING);
	facts = BIT(mapping_kind(flags)) | BIT(flags & VMA_SHARED ? FACT_SHARED : FACT_PRIVATE);
	facts |= is_denied(flags, evidence->access) ? BIT(FACT_DENIED) : 0;
	facts |= has_no_room(fault) ? BIT(FACT_SMALL) : 0;
	if (flags & (VMA_UFFD_MISSING | VMA_UFFD_WP | VMA_UFFD_MINOR))
		facts |= uffd_facts(flags);
	return facts | (has_grown(fault) ? BIT(FACT_GREW) : 0);
}

/* ---- the end ---- */

static uint64_t page_facts(const struct evidence *evidence)
{
	static const uint64_t kinds[] = {
		[PAGE_ANON] = BIT(FACT_PAGE_ANON), [PAGE_KSM] = BIT(FACT_PAGE_ANON), [PAGE_FILE] = BIT(FACT_PAGE_FILE),
		[PAGE_SHMEM] = BIT(FACT_PAGE_SHMEM), [PAGE_ZERO] = BIT(FACT_PAGE_ZERO),
		[PAGE_HUGETLB] = BIT(FACT_PAGE_HUGETLB),
	};
	enum page_kind kind;

	if (is_zero_page(evidence, evidence->end))
		return BIT(FACT_PAGE_ZERO);
	kind = page_at_end(evidence->fault, evidence->end);
	return kind < sizeof(kinds) / sizeof(*kinds) ? kinds[kind] : 0;
}

static uint64_t after_facts(const struct evidence *evidence, const struct geometry *geometry)
{
	const struct path *before = evidence->before, *end = evidence->end;
	const struct fault *fault = evidence->fault;
	uint64_t facts = 0, size;

	if (!end || !path_has_page(end) || end->kind == KIND_DEVICE)
		return 0;
	size = path_page_size(geometry, end);
	facts |= end == &fault->after ? BIT(FACT_LATE) : 0;
	facts |= BIT(size == SMALL_SIZE ? FACT_AFTER_4K : size == HUGE_SIZE ? FACT_AFTER_2M : FACT_AFTER_1G);
	if (allows(evidence, end))
		facts |= BIT(FACT_AFTER_ALLOWS);
	if (before && before->kind == KIND_PAGE && path_has_page(before))
		facts |= path_phys(geometry, before, fault->addr) == path_phys(geometry, end, fault->addr) ?
			 BIT(FACT_SAME_PAGE) : BIT(FACT_OTHER_PAGE);
	return facts | page_facts(evidence);
}

static uint64_t end_facts(const struct fault *fault)
{
	static const uint64_t results[RESULTS] = {
		0, BIT(FACT_MINOR), BIT(FACT_MAJOR), BIT(FACT_SEGV), BIT(FACT_SIGBUS), BIT(FACT_OOM),
	};
	enum fault_result result = fault->result < RESULTS ? fault->result : RESULT_NONE;
	uint64_t facts;

	/* The kernel's statistics have as major what was tried again, which may have other reasons than a read. */
	if (fault->has_said && (result == RESULT_MINOR || result == RESULT_MAJOR))
		result = fault->said & SAID_MAJOR ? RESULT_MAJOR : RESULT_MINOR;
	facts = results[result];
	if (fault->has_said)
		facts |= BIT(FACT_HANDLED);
	else if (!fault->unfinished && result == RESULT_NONE)
		facts |= BIT(FACT_UNHANDLED);
	if (fault->has_said && fault->said & SAID_RETRY)
		facts |= BIT(FACT_RETRY);
	if (fault->signal_code)
		facts |= BIT(FACT_SIGNALLED);
	return facts;
}

uint64_t facts_of(const struct fault *fault, const struct geometry *geometry)
{
	const struct evidence evidence = evidence_of(fault);

	return access_facts(&evidence, geometry) | before_facts(&evidence) | mapping_facts(&evidence) |
	       after_facts(&evidence, geometry) | end_facts(fault);
}
