// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * In two steps: what is known of the fault is brought down to facts, and rules conclude from these alone. The rules
 * follow handle_mm_fault() of Linux 5.10 to 7.x (mm/memory.c, mm/huge_memory.c, mm/hugetlb.c, mm/shmem.c,
 * fs/userfaultfd.c) and its caller on x86 (arch/x86/mm/fault.c).
 */
#include "cause.h"

#include <string.h>

#define BIT(n)		(1ULL << (n))

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

/* ---- the facts ---- */

static uint64_t access_facts(const struct fault *fault, const struct geometry *geometry)
{
	static const enum fact access[] = {
		[ACCESS_READ] = FACT_READ, [ACCESS_WRITE] = FACT_WRITE, [ACCESS_EXEC] = FACT_EXEC,
	};
	uint64_t facts = BIT(access[fault_access(fault)]);

	if (fault->kernel_mode)
		facts |= BIT(FACT_KERNEL_MODE);
	if (geometry->task_size_max ? fault->addr >= geometry->task_size_max : fault->addr >> 63)
		facts |= BIT(FACT_KERNEL_ADDRESS);
	if (fault->error_code & ERROR_PKEY ||
	    (fault->result == RESULT_SEGV && fault->signal_code == SIGNAL_PKEY))
		facts |= BIT(FACT_PKEY);
	return facts;
}

/* Not of a kernel address: the process' tables are not what decides there. */
static bool is_known(const struct path *path)
{
	return path->levels && !path->changed && !path->kernel;
}

static const struct path *before_of(const struct fault *fault)
{
	return fault->has_before && is_known(&fault->before) ? &fault->before : NULL;
}

static bool allows(const struct fault *fault, const struct path *path)
{
	enum access access = fault_access(fault);

	return path_allows(path, access == ACCESS_WRITE, access == ACCESS_EXEC);
}

static bool is_private_anon(const struct fault *fault)
{
	uint32_t kinds = VMA_ANON | VMA_SHARED | VMA_SHMEM | VMA_HUGETLB | VMA_PFNMAP;

	return fault->has_vma && (fault->vma.flags & kinds) == VMA_ANON;
}

static uint64_t leaf(const struct path *path)
{
	return path->levels ? path->entry[path->levels - 1] : 0;
}

/* In private anonymous memory nothing but the zero page has the bit: it is the one page there that isn't counted. */
static bool is_zero_page(const struct fault *fault, const struct path *path)
{
	return path->page == PAGE_ZERO ||
	       (is_private_anon(fault) && path->kind == KIND_PAGE && leaf(path) & ENTRY_SPECIAL);
}

static uint64_t present_facts(const struct fault *fault)
{
	const struct path *before = &fault->before;
	uint64_t facts = BIT(allows(fault, before) ? FACT_BEFORE_ALLOWS : FACT_BEFORE_DENIES);

	if (is_zero_page(fault, before))
		facts |= BIT(FACT_BEFORE_ZERO);
	if (leaf(before) & ENTRY_UFFD)
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

static uint64_t before_facts(const struct fault *fault)
{
	const struct path *before = before_of(fault);

	if (!before)
		return BIT(fault->error_code & ERROR_PRESENT ? FACT_PRESENT : FACT_ABSENT);
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
		return BIT(FACT_BEFORE_PROTNONE) | (leaf(before) & ENTRY_UFFD ? BIT(FACT_BEFORE_UFFD) : 0);
	case KIND_DEVICE:
		return BIT(FACT_BEFORE_DEVICE);
	case KIND_MARKER:
		return marker_facts(before);
	case KIND_PAGE:
		return present_facts(fault);
	default:
		return BIT(fault->error_code & ERROR_PRESENT ? FACT_PRESENT : FACT_ABSENT);
	}
}

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
static bool is_denied(const struct fault *fault)
{
	switch (fault_access(fault)) {
	case ACCESS_WRITE: return !(fault->vma.flags & VMA_WRITE);
	case ACCESS_EXEC: return !(fault->vma.flags & VMA_EXEC);
	default: return !(fault->vma.flags & VMA_ACCESS);
	}
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

static uint64_t mapping_facts(const struct fault *fault)
{
	uint32_t flags = fault->vma.flags;
	uint64_t facts;

	if (!fault->has_vma)
		return 0;
	if (!fault->vma.end)
		return BIT(FACT_NO_MAPPING);
	facts = BIT(mapping_kind(flags)) | BIT(flags & VMA_SHARED ? FACT_SHARED : FACT_PRIVATE);
	facts |= is_denied(fault) ? BIT(FACT_DENIED) : 0;
	facts |= has_no_room(fault) ? BIT(FACT_SMALL) : 0;
	facts |= flags & VMA_UFFD_MISSING ? BIT(FACT_UFFD_MISSING) : 0;
	facts |= flags & VMA_UFFD_WP ? BIT(FACT_UFFD_WP) : 0;
	facts |= flags & VMA_UFFD_MINOR ? BIT(FACT_UFFD_MINOR) : 0;
	return facts | (has_grown(fault) ? BIT(FACT_GREW) : 0);
}

static bool was_walked(const struct fault *fault)
{
	return fault->walk_status == WALK_OK || fault->walk_status == WALK_STALE;
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

static enum page_kind page_kind(const struct fault *fault, const struct path *end)
{
	const struct path *after = &fault->after;

	if (end->page != PAGE_UNKNOWN || !was_walked(fault) || !path_has_page(after))
		return end->page;
	/* The same entry: what the walker knows of its page holds for both. */
	return leaf(after) == leaf(end) && after->levels == end->levels ? after->page : PAGE_UNKNOWN;
}

static uint64_t page_facts(const struct fault *fault, const struct path *end)
{
	static const uint64_t kinds[] = {
		[PAGE_ANON] = BIT(FACT_PAGE_ANON), [PAGE_KSM] = BIT(FACT_PAGE_ANON), [PAGE_FILE] = BIT(FACT_PAGE_FILE),
		[PAGE_SHMEM] = BIT(FACT_PAGE_SHMEM), [PAGE_ZERO] = BIT(FACT_PAGE_ZERO),
		[PAGE_HUGETLB] = BIT(FACT_PAGE_HUGETLB),
	};

	enum page_kind kind = page_kind(fault, end);

	if (is_zero_page(fault, end))
		return BIT(FACT_PAGE_ZERO);
	return kind < sizeof(kinds) / sizeof(*kinds) ? kinds[kind] : 0;
}

static uint64_t after_facts(const struct fault *fault, const struct geometry *geometry)
{
	const struct path *before = before_of(fault), *end = end_of(fault);
	uint64_t facts = 0, size;

	if (!end || !path_has_page(end) || end->kind == KIND_DEVICE)
		return 0;
	size = path_page_size(geometry, end);
	facts |= end == &fault->after ? BIT(FACT_LATE) : 0;
	facts |= BIT(size == SMALL_SIZE ? FACT_AFTER_4K : size == HUGE_SIZE ? FACT_AFTER_2M : FACT_AFTER_1G);
	if (allows(fault, end))
		facts |= BIT(FACT_AFTER_ALLOWS);
	if (before && before->kind == KIND_PAGE && path_has_page(before))
		facts |= path_phys(geometry, before, fault->addr) == path_phys(geometry, end, fault->addr) ?
			 BIT(FACT_SAME_PAGE) : BIT(FACT_OTHER_PAGE);
	return facts | page_facts(fault, end);
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

/* ---- the rules, in this order ---- */

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
	cause->facts = access_facts(fault, geometry) | before_facts(fault) | mapping_facts(fault) |
		       after_facts(fault, geometry) | end_facts(fault);
	cause->word = conclude(cause->facts);
}

/* ---- names ---- */

const char *cause_name(enum cause_word word)
{
	static const char *const names[CAUSES] = {
		"first-touch", "zero-page", "thp", "cow", "cow-reuse", "shmem", "file-minor", "file-major",
		"write-notify", "swap-in", "numa-hint", "migration", "hugetlb", "userfault", "stack", "spurious",
		"segv", "sigbus", "oom", "kernel", "unknown",
	};

	return names[word];
}

bool cause_by_name(const char *name, size_t length, enum cause_word *word)
{
	for (*word = 0; *word < CAUSES; (*word)++)
		if (strlen(cause_name(*word)) == length && !memcmp(cause_name(*word), name, length))
			return true;
	return false;
}

static const struct {
	const char *name, *phrase;
} fact_words[FACTS] = {
	[FACT_READ] = { "read", "a read" },
	[FACT_WRITE] = { "write", "a write" },
	[FACT_EXEC] = { "exec", "an instruction fetch" },
	[FACT_KERNEL_MODE] = { "kernel-mode", "in kernel mode" },
	[FACT_KERNEL_ADDRESS] = { "kernel-address", "a kernel address" },
	[FACT_PKEY] = { "pkey", "forbidden by a protection key" },
	[FACT_BEFORE_NONE] = { "before-none", "no entry before" },
	[FACT_BEFORE_SWAP] = { "before-swap", "a swap entry before" },
	[FACT_BEFORE_MIGRATION] = { "before-migration", "a migration entry before" },
	[FACT_BEFORE_PROTNONE] = { "before-protnone", "a PROT_NONE entry before" },
	[FACT_BEFORE_HWPOISON] = { "before-hwpoison", "a poisoned page before" },
	[FACT_BEFORE_DEVICE] = { "before-device", "a device's private page before" },
	[FACT_BEFORE_MARKER] = { "before-marker", "userfaultfd's marker before" },
	[FACT_BEFORE_POISONED] = { "before-poisoned", "a marker of poison before" },
	[FACT_BEFORE_GUARD] = { "before-guard", "a guard region" },
	[FACT_BEFORE_DENIES] = { "before-denies", "an entry before that denies the access" },
	[FACT_BEFORE_ALLOWS] = { "before-allows", "an entry before that allows the access" },
	[FACT_BEFORE_ZERO] = { "before-zero", "the zero page before" },
	[FACT_BEFORE_UFFD] = { "before-uffd", "protected by userfaultfd" },
	[FACT_PRESENT] = { "present", "a present entry before" },
	[FACT_ABSENT] = { "absent", "no present entry before" },
	[FACT_ANON] = { "anon", "anonymous mapping" },
	[FACT_SHMEM] = { "shmem", "mapping of shared memory" },
	[FACT_FILE] = { "file", "file mapping" },
	[FACT_HUGETLB] = { "hugetlb", "hugetlbfs mapping" },
	[FACT_SPECIAL] = { "special", "mapping of a driver or of the kernel" },
	[FACT_PRIVATE] = { "private", "private" },
	[FACT_SHARED] = { "shared", "shared" },
	[FACT_NO_MAPPING] = { "no-mapping", "no mapping" },
	[FACT_DENIED] = { "denied", "which forbids the access" },
	[FACT_SMALL] = { "small", "without room for a 2M page" },
	[FACT_GREW] = { "grew", "which grew downwards" },
	[FACT_UFFD_MISSING] = { "uffd-missing", "missing pages are userfaultfd's" },
	[FACT_UFFD_WP] = { "uffd-wp", "protected pages are userfaultfd's" },
	[FACT_UFFD_MINOR] = { "uffd-minor", "minor faults are userfaultfd's" },
	[FACT_LATE] = { "late", "found later" },
	[FACT_AFTER_4K] = { "after-4K", "a 4K page after" },
	[FACT_AFTER_2M] = { "after-2M", "a 2M page after" },
	[FACT_AFTER_1G] = { "after-1G", "a 1G page after" },
	[FACT_AFTER_ALLOWS] = { "after-allows", "which allows the access" },
	[FACT_SAME_PAGE] = { "same-page", "the same as before" },
	[FACT_OTHER_PAGE] = { "other-page", "another than before" },
	[FACT_PAGE_ZERO] = { "page-zero", "the zero page" },
	[FACT_PAGE_ANON] = { "page-anon", "anonymous" },
	[FACT_PAGE_FILE] = { "page-file", "a file's" },
	[FACT_PAGE_SHMEM] = { "page-shmem", "of shared memory" },
	[FACT_PAGE_HUGETLB] = { "page-hugetlb", "of hugetlbfs" },
	[FACT_HANDLED] = { "handled", "handled by the memory manager" },
	[FACT_UNHANDLED] = { "unhandled", "nothing was done" },
	[FACT_RETRY] = { "retry", "tried again" },
	[FACT_MINOR] = { "minor", "nothing was read" },
	[FACT_MAJOR] = { "major", "had to be read" },
	[FACT_SEGV] = { "segv", "ended in SIGSEGV" },
	[FACT_SIGBUS] = { "sigbus", "ended in SIGBUS" },
	[FACT_OOM] = { "oom", "no memory" },
	[FACT_SIGNALLED] = { "signalled", "a signal was sent" },
};

const char *fact_name(enum fact fact)
{
	return fact_words[fact].name;
}

const char *fact_phrase(enum fact fact)
{
	return fact_words[fact].phrase;
}
