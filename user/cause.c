// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * In two steps: what is known of the fault is brought down to facts, and rules conclude from these alone. The rules
 * follow handle_mm_fault() of Linux 5.10 to 7.x (mm/memory.c, mm/huge_memory.c, mm/hugetlb.c, mm/shmem.c,
 * fs/userfaultfd.c) and its caller on x86 (arch/x86/mm/fault.c).
 */
#include "cause.h"

#include "cause_facts.h"

#define NEXT_RULE CAUSES

static bool any(uint64_t facts, uint64_t bits)
{
	return facts & bits;
}

static bool all(uint64_t facts, uint64_t bits)
{
	return (facts & bits) == bits;
}

/* The access was made possible; by this fault, and not by one that came after it. */
static bool is_done(uint64_t facts)
{
	return any(facts, BIT(FACT_MINOR) | BIT(FACT_MAJOR)) ||
	       (any(facts, BIT(FACT_AFTER_ALLOWS)) && !all(facts, BIT(FACT_LATE) | BIT(FACT_UNHANDLED)));
}

/* Not the access, but the exception handler of the code that made it goes on: EFAULT. */
static enum cause_word failed(uint64_t facts, enum cause_word word)
{
	return any(facts, BIT(FACT_KERNEL_MODE)) && !any(facts, BIT(FACT_SIGNALLED)) ? CAUSE_KERNEL : word;
}

static enum cause_word rule_failed(uint64_t facts)
{
	if (any(facts, BIT(FACT_SEGV) | BIT(FACT_PKEY)))
		return failed(facts, CAUSE_SEGV);
	if (any(facts, BIT(FACT_SIGBUS)))
		return failed(facts, CAUSE_SIGBUS);
	if (any(facts, BIT(FACT_OOM)))
		return failed(facts, CAUSE_OOM);
	return NEXT_RULE;
}

/* In user mode an instruction fetch there may be a vsyscall, which the kernel emulates. */
static enum cause_word rule_kernel_address(uint64_t facts)
{
	if (!any(facts, BIT(FACT_KERNEL_ADDRESS)))
		return NEXT_RULE;
	if (any(facts, BIT(FACT_KERNEL_MODE)))
		return CAUSE_KERNEL;
	return any(facts, BIT(FACT_EXEC)) ? CAUSE_UNKNOWN : CAUSE_SEGV;
}

/* How it ended wasn't seen, but it couldn't end well. */
static enum cause_word rule_hopeless(uint64_t facts)
{
	if (is_done(facts))
		return NEXT_RULE;
	if (any(facts, BIT(FACT_NO_MAPPING) | BIT(FACT_DENIED) | BIT(FACT_BEFORE_GUARD)))
		return failed(facts, CAUSE_SEGV);
	if (any(facts, BIT(FACT_BEFORE_HWPOISON) | BIT(FACT_BEFORE_POISONED)))
		return failed(facts, CAUSE_SIGBUS);
	if (all(facts, BIT(FACT_KERNEL_MODE) | BIT(FACT_UNHANDLED)))
		return CAUSE_KERNEL;
	return NEXT_RULE;
}

static enum cause_word rule_grew(uint64_t facts)
{
	return any(facts, BIT(FACT_GREW)) ? CAUSE_STACK : NEXT_RULE;
}

/*
 * Without access for anyone: a hint, if the mapping allows access (which it does if the fault came to a good end).
 * With userfaultfd's bit it is that one's read-write protection.
 */
static enum cause_word rule_protnone(uint64_t facts)
{
	if (!any(facts, BIT(FACT_BEFORE_PROTNONE)))
		return NEXT_RULE;
	if (all(facts, BIT(FACT_BEFORE_UFFD) | BIT(FACT_UFFD_WP)))
		return any(facts, BIT(FACT_RETRY)) ? CAUSE_USERFAULT : CAUSE_UNKNOWN;
	if (any(facts, BIT(FACT_PRIVATE) | BIT(FACT_SHARED)) || is_done(facts))
		return CAUSE_NUMA_HINT;
	return CAUSE_UNKNOWN;
}

static enum cause_word rule_not_present(uint64_t facts)
{
	if (any(facts, BIT(FACT_BEFORE_MIGRATION)))
		return CAUSE_MIGRATION;
	if (any(facts, BIT(FACT_BEFORE_SWAP)))
		return CAUSE_SWAP_IN;
	if (any(facts, BIT(FACT_BEFORE_DEVICE) | BIT(FACT_BEFORE_HWPOISON) | BIT(FACT_BEFORE_POISONED) |
		       BIT(FACT_BEFORE_GUARD)))
		return CAUSE_UNKNOWN;
	return rule_protnone(facts);
}

static enum cause_word rule_spurious(uint64_t facts)
{
	return any(facts, BIT(FACT_BEFORE_ALLOWS)) ? CAUSE_SPURIOUS : NEXT_RULE;
}

/*
 * It always waits for who handles it, and then tries again. Anonymous memory that is missing is always its business;
 * of other memory what is in the page cache is not; and a write-protection may be lifted without asking (v6.7).
 */
static enum cause_word rule_userfault(uint64_t facts)
{
	bool empty = any(facts, BIT(FACT_BEFORE_NONE) | BIT(FACT_BEFORE_MARKER));
	bool missing = empty && any(facts, BIT(FACT_UFFD_MISSING));
	bool minor = empty && any(facts, BIT(FACT_UFFD_MINOR));
	bool protected = all(facts, BIT(FACT_BEFORE_UFFD) | BIT(FACT_UFFD_WP) | BIT(FACT_WRITE));

	if (missing && all(facts, BIT(FACT_ANON) | BIT(FACT_PRIVATE)))
		return CAUSE_USERFAULT;
	if (!missing && !minor && !protected)
		return NEXT_RULE;
	if (any(facts, BIT(FACT_RETRY)))
		return CAUSE_USERFAULT;
	if (any(facts, BIT(FACT_HANDLED)))
		return NEXT_RULE;
	/* Of a page that is there nothing has to be read: as major counts what was tried again, though not always. */
	if (protected && any(facts, BIT(FACT_MAJOR)))
		return CAUSE_USERFAULT;
	return CAUSE_UNKNOWN;
}

static enum cause_word rule_hugetlb(uint64_t facts)
{
	return any(facts, BIT(FACT_HUGETLB) | BIT(FACT_PAGE_HUGETLB)) ? CAUSE_HUGETLB : NEXT_RULE;
}

static enum cause_word shared_write(uint64_t facts)
{
	return any(facts, BIT(FACT_FILE) | BIT(FACT_SHMEM)) && is_done(facts) ? CAUSE_WRITE_NOTIFY : CAUSE_UNKNOWN;
}

/* What the walker finds later may have been moved meanwhile. */
static bool is_copied(uint64_t facts)
{
	return any(facts, BIT(FACT_OTHER_PAGE)) && !any(facts, BIT(FACT_LATE));
}

/* There was a page that may not be written, and no longer is, or became writable. The zero page never does. */
static enum cause_word private_write(uint64_t facts)
{
	if (is_copied(facts) || (any(facts, BIT(FACT_BEFORE_ZERO)) && is_done(facts)))
		return CAUSE_COW;
	return all(facts, BIT(FACT_SAME_PAGE) | BIT(FACT_AFTER_ALLOWS)) ? CAUSE_COW_REUSE : CAUSE_UNKNOWN;
}

static enum cause_word rule_read_only(uint64_t facts)
{
	if (!any(facts, BIT(FACT_BEFORE_DENIES)))
		return NEXT_RULE;
	if (!any(facts, BIT(FACT_WRITE)))
		return CAUSE_UNKNOWN;
	if (any(facts, BIT(FACT_PRIVATE)))
		return private_write(facts);
	if (any(facts, BIT(FACT_SHARED)))
		return shared_write(facts);
	/* The mapping isn't known; the page may be. */
	if (any(facts, BIT(FACT_PAGE_ANON)))
		return private_write(facts);
	if (any(facts, BIT(FACT_PAGE_FILE) | BIT(FACT_PAGE_SHMEM)))
		return all(facts, BIT(FACT_SAME_PAGE) | BIT(FACT_AFTER_ALLOWS)) ? CAUSE_WRITE_NOTIFY : CAUSE_UNKNOWN;
	return any(facts, BIT(FACT_AFTER_ALLOWS)) && is_copied(facts) ? CAUSE_COW : CAUSE_UNKNOWN;
}

/* What the walker finds small may have been huge, and been split meanwhile. */
static bool is_small(uint64_t facts)
{
	return any(facts, BIT(FACT_SMALL)) || (any(facts, BIT(FACT_AFTER_4K)) && !any(facts, BIT(FACT_LATE)));
}

/* A read gets the zero page, always (mm_forbids_zeropage() is not of x86); huge it is a huge page like others. */
static enum cause_word new_anon(uint64_t facts)
{
	if (any(facts, BIT(FACT_AFTER_2M)))
		return CAUSE_THP;
	if (!is_small(facts))
		return CAUSE_UNKNOWN;
	return any(facts, BIT(FACT_WRITE)) ? CAUSE_FIRST_TOUCH : CAUSE_ZERO_PAGE;
}

static enum cause_word of_file(uint64_t facts)
{
	if (any(facts, BIT(FACT_MAJOR)))
		return CAUSE_FILE_MAJOR;
	return any(facts, BIT(FACT_MINOR)) ? CAUSE_FILE_MINOR : CAUSE_UNKNOWN;
}

/* No entry, and the mapping isn't known: the page may be. A new anonymous one may be the copy of a file's. */
static enum cause_word new_page(uint64_t facts)
{
	if (any(facts, BIT(FACT_PAGE_ANON)))
		return any(facts, BIT(FACT_AFTER_2M)) ? CAUSE_THP : CAUSE_UNKNOWN;
	if (any(facts, BIT(FACT_PAGE_ZERO)) && !any(facts, BIT(FACT_WRITE)))
		return any(facts, BIT(FACT_AFTER_2M)) ? CAUSE_THP : is_small(facts) ? CAUSE_ZERO_PAGE : CAUSE_UNKNOWN;
	if (any(facts, BIT(FACT_PAGE_SHMEM)))
		return CAUSE_SHMEM;
	return any(facts, BIT(FACT_PAGE_FILE)) ? of_file(facts) : CAUSE_UNKNOWN;
}

static enum cause_word rule_none(uint64_t facts)
{
	if (!any(facts, BIT(FACT_BEFORE_NONE) | BIT(FACT_BEFORE_MARKER)))
		return NEXT_RULE;
	if (!is_done(facts))
		return CAUSE_UNKNOWN;
	if (all(facts, BIT(FACT_ANON) | BIT(FACT_PRIVATE)))
		return new_anon(facts);
	if (all(facts, BIT(FACT_WRITE) | BIT(FACT_PRIVATE)))
		return any(facts, BIT(FACT_FILE) | BIT(FACT_SHMEM)) ? CAUSE_COW : CAUSE_UNKNOWN;
	if (any(facts, BIT(FACT_SHMEM)))
		return CAUSE_SHMEM;
	if (any(facts, BIT(FACT_FILE)))
		return of_file(facts);
	return any(facts, BIT(FACT_SHARED) | BIT(FACT_PRIVATE)) ? CAUSE_UNKNOWN : new_page(facts);
}

/* What was there isn't known. Little is certain then: a page that had to be read, and the zero page. */
static enum cause_word rule_rest(uint64_t facts)
{
	if (!any(facts, BIT(FACT_ABSENT)))
		return CAUSE_UNKNOWN;
	if (any(facts, BIT(FACT_PAGE_ZERO)) && is_small(facts) && !any(facts, BIT(FACT_WRITE)))
		return CAUSE_ZERO_PAGE;
	if (!any(facts, BIT(FACT_MAJOR)) || any(facts, BIT(FACT_UFFD_MISSING) | BIT(FACT_UFFD_WP)))
		return CAUSE_UNKNOWN;
	if (all(facts, BIT(FACT_ANON) | BIT(FACT_PRIVATE)))
		return CAUSE_SWAP_IN;
	return any(facts, BIT(FACT_PAGE_FILE)) || all(facts, BIT(FACT_FILE) | BIT(FACT_SHARED)) ? CAUSE_FILE_MAJOR :
												  CAUSE_UNKNOWN;
}

/* In this order: the first rule that knows decides. */
static enum cause_word conclude(uint64_t facts)
{
	static enum cause_word (*const rules[])(uint64_t facts) = {
		rule_failed, rule_kernel_address, rule_hopeless, rule_grew, rule_not_present, rule_spurious,
		rule_userfault, rule_hugetlb, rule_read_only, rule_none, rule_rest,
	};
	enum cause_word word = NEXT_RULE;

	for (size_t i = 0; word == NEXT_RULE && i < sizeof(rules) / sizeof(*rules); i++)
		word = rules[i](facts);
	return word;
}

void cause_find(const struct fault *fault, const struct geometry *geometry, struct cause *cause)
{
	cause->facts = facts_of(fault, geometry);
	cause->word = conclude(cause->facts);
}
