// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cause.h"

#include <string.h>

const char *cause_name(enum cause_word word)
{
	static const char names[CAUSES][PADDED_NAME] = {
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
