// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Entries that are not present, and those with bits of their own: swap, poison, guards, userfaultfd, keys, KSM. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "states.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT		21
#endif
#define MADV_GUARD_INSTALL_	102	/* 6.13 */

/* Features and a call that Debian 12's header is too old for. */
#define WP_SHMEM		(1 << 12)	/* 5.19 */
#define WP_UNPOPULATED		(1 << 13)	/* 6.4 */
#define POISON			(1 << 14)	/* 6.6 */

struct poison_request {
	struct uffdio_range range;
	uint64_t mode;
	int64_t updated;
};

#define UFFDIO_POISON_		_IOWR(UFFDIO, 0x08, struct poison_request)

static bool swapped(const void *addr)
{
	return !(pagemap(addr) & PAGEMAP_PRESENT) && pagemap(addr) & PAGEMAP_SWAP;
}

/* Pages that wait in another processor's list are passed over: again, then. */
static bool page_out(char *memory, size_t size)
{
	for (int i = 0; i < 50 && !swapped(memory); i++) {
		madvise(memory, size, MADV_PAGEOUT);
		usleep(20000);
	}
	return swapped(memory);
}

/* The n-th line of /proc/swaps is the area that the kernel has as number n, while none was removed. */
static void swap_name(unsigned int type, char *name, size_t size)
{
	FILE *swaps = fopen("/proc/swaps", "r");
	char line[256] = "";

	for (unsigned int i = 0; swaps && i < type + 2; i++)
		if (!fgets(line, sizeof(line), swaps))
			line[0] = '\0';
	snprintf(name, size, "%.*s", (int)strcspn(line, " \t"), line);
	if (swaps)
		fclose(swaps);
}

static void expect_entry(const char *name, const char *page, const char *more)
{
	uint64_t entry = pagemap(page);

	expect(name, page, "state=swap last=pte swap.type=%u swap.offset=%llu%s", (unsigned int)(entry & 31),
	       (unsigned long long)(PAGEMAP_PFN(entry) >> 5), more);
}

/* A process that has swap entries of all areas: then there is no doubt which is which. */
static void expect_swap(const char *name, const char *page, const char *more)
{
	char words[256], file[64];

	swap_name(pagemap(page) & 31, file, sizeof(file));
	snprintf(words, sizeof(words), " swap.name=%s%s", file, more);
	expect_entry(name, page, words);
}

/* More than the first area takes, so that there is a page in each. */
static void expect_areas(const char *memory, size_t size)
{
	unsigned int seen = 0;

	for (size_t i = 0; i < size; i += PAGE) {
		unsigned int type = pagemap(memory + i) & 31;
		char name[32];

		if (!swapped(memory + i) || seen & 1U << type)
			continue;
		seen |= 1U << type;
		snprintf(name, sizeof(name), "swap-area%u", type);
		expect_swap(name, memory + i, "");
	}
}

void make_swap(void)
{
	char *memory = small_pages("swap", 4 * MIB);

	if (!memory)
		return;
	for (size_t i = 0; i < 4 * MIB; i++)	/* not all the same byte: zram and 6.12 keep those nowhere */
		memory[i] = i / 64 * 7 + i;
	if (!page_out(memory, 4 * MIB)) {
		skip("swap", "nothing was swapped out");
		return;
	}
	expect_swap("swap", memory, " flags=-present");
	expect_swap("swap-other", memory + 5 * PAGE, "");
	expect_areas(memory, 4 * MIB);
	read_pages(memory + 9 * PAGE, 1, PAGE);
	expect("swap-back", memory + 9 * PAGE, "state=mapped last=pte page.kind=anon");
	mprotect(memory + 16 * PAGE, PAGE, PROT_NONE);
	expect_swap("swap-protnone", memory + 16 * PAGE, " vma.perm=---p");
	if (fork() == 0)	/* its entries are no longer exclusive */
		pause();
	expect_swap("swap-forked", memory + 20 * PAGE, "");
}

static void ignore_signal(int signal)
{
	(void)signal;
}

/* From 6.12 on the caller gets SIGBUS for what it asked for. */
static bool poison(const char *name, char *page)
{
	signal(SIGBUS, ignore_signal);
	if (!madvise(page, PAGE, MADV_HWPOISON))
		return true;
	skip(name, "madvise(MADV_HWPOISON): %s", strerror(errno));
	return false;
}

void make_poison(void)
{
	char *memory = small_pages("hwpoison", MIB), *huge;

	if (!memory)
		return;
	write_pages(memory, 8 * PAGE, PAGE);
	if (poison("hwpoison", memory + 3 * PAGE)) {
		expect("hwpoison", memory + 3 * PAGE, "state=hwpoison last=pte");
		expect("hwpoison-neighbour", memory + 4 * PAGE, "state=mapped last=pte page.kind=anon");
	}
	huge = memfd_pages("hwpoison-huge", HUGE, MFD_HUGETLB);
	if (!huge)
		return;
	huge[0] = 1;
	if (poison("hwpoison-huge", huge))
		expect("hwpoison-huge", huge + PAGE, "state=hwpoison last=pmd");
}

void make_guard(void)
{
	char *memory = small_pages("guard", MIB);

	if (!memory)
		return;
	write_pages(memory, 8 * PAGE, PAGE);
	if (madvise(memory + 2 * PAGE, 2 * PAGE, MADV_GUARD_INSTALL_)) {
		skip("guard", "madvise(MADV_GUARD_INSTALL): %s", strerror(errno));
		return;
	}
	expect("guard", memory + 3 * PAGE, "state=marker last=pte marker=guard");
	expect("guard-neighbour", memory + 4 * PAGE, "state=mapped last=pte page.kind=anon");
}

/* A userfaultfd that has the features, or -1 after skip(). Each features needs a descriptor of its own. */
static int open_uffd(const char *name, uint64_t features)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	int uffd = syscall(SYS_userfaultfd, O_CLOEXEC);

	if (uffd >= 0 && !ioctl(uffd, UFFDIO_API, &api))
		return uffd;
	skip(name, "userfaultfd with the features %#llx: %s", (unsigned long long)features, strerror(errno));
	if (uffd >= 0)
		close(uffd);
	return -1;
}

static bool watch(const char *name, int uffd, char *memory, size_t size, uint64_t mode)
{
	struct uffdio_register request = { .range = { (uintptr_t)memory, size }, .mode = mode };

	if (!ioctl(uffd, UFFDIO_REGISTER, &request))
		return true;
	skip(name, "UFFDIO_REGISTER: %s", strerror(errno));
	return false;
}

static bool protect(const char *name, int uffd, char *memory, size_t size)
{
	struct uffdio_writeprotect request = {
		.range = { (uintptr_t)memory, size }, .mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};

	if (!ioctl(uffd, UFFDIO_WRITEPROTECT, &request))
		return true;
	skip(name, "UFFDIO_WRITEPROTECT: %s", strerror(errno));
	return false;
}

static void uffd_thp(int uffd)
{
	char *memory = huge_pages("uffd-wp-thp", HUGE);

	if (!memory)
		return;
	memory[0] = 1;
	if (!smaps_kb(memory, "AnonHugePages")) {
		skip("uffd-wp-thp", "the kernel gave no huge page");
		return;
	}
	if (watch("uffd-wp-thp", uffd, memory, HUGE, UFFDIO_REGISTER_MODE_WP) &&
	    protect("uffd-wp-thp", uffd, memory, HUGE))
		expect("uffd-wp-thp", memory + PAGE, "state=mapped last=pmd flags=+uffd-wp,-write,+huge vma.advice=+uffd-wp");
}

/* Write-protected while the page is there. */
void make_uffd(void)
{
	int uffd = open_uffd("uffd-wp", UFFD_FEATURE_PAGEFAULT_FLAG_WP);
	char *memory = uffd < 0 ? NULL : small_pages("uffd-wp", MIB);

	if (!memory || !watch("uffd-wp", uffd, memory, MIB, UFFDIO_REGISTER_MODE_WP))
		return;
	write_pages(memory, 8 * PAGE, PAGE);
	if (!protect("uffd-wp", uffd, memory, 4 * PAGE))
		return;
	expect("uffd-wp", memory + PAGE, "state=mapped last=pte flags=+uffd-wp,-write vma.advice=+uffd-wp");
	expect("uffd-not-wp", memory + 5 * PAGE, "state=mapped last=pte flags=-uffd-wp,+write");
	if (page_out(memory + 2 * PAGE, PAGE))
		expect_entry("uffd-wp-swap", memory + 2 * PAGE, "");
	else
		skip("uffd-wp-swap", "nothing was swapped out");
	uffd_thp(uffd);
}

static void wp_marker(const char *name, uint64_t features, char *memory, size_t size, const char *last)
{
	int uffd = memory ? open_uffd(name, UFFD_FEATURE_PAGEFAULT_FLAG_WP | features) : -1;

	if (uffd < 0)
		return;
	if (watch(name, uffd, memory, size, UFFDIO_REGISTER_MODE_WP) && protect(name, uffd, memory, size))
		expect(name, memory + 5, "state=marker last=%s marker=uffd-wp", last);
}

/* Write-protected where there is no page yet. */
void make_uffd_markers(void)
{
	wp_marker("marker-shmem", WP_SHMEM, memfd_pages("marker-shmem", MIB, 0), MIB, "pte");
	wp_marker("marker-hugetlb", WP_SHMEM, memfd_pages("marker-hugetlb", HUGE, MFD_HUGETLB), HUGE, "pmd");
	wp_marker("marker-anon", WP_UNPOPULATED, small_pages("marker-anon", MIB), MIB, "pte");
}

void make_uffd_poison(void)
{
	int uffd = open_uffd("marker-poison", POISON);
	char *memory = uffd < 0 ? NULL : small_pages("marker-poison", MIB);
	struct poison_request request = { .range = { (uintptr_t)memory, 2 * PAGE } };

	if (!memory || !watch("marker-poison", uffd, memory, MIB, UFFDIO_REGISTER_MODE_MISSING))
		return;
	if (ioctl(uffd, UFFDIO_POISON_, &request))
		skip("marker-poison", "UFFDIO_POISON: %s", strerror(errno));
	else
		expect("marker-poison", memory + PAGE, "state=marker last=pte marker=poisoned vma.advice=+uffd-missing");
}

void make_pkeys(void)
{
	char *memory = small_pages("pkey", MIB);
	int key = pkey_alloc(0, 0), last;

	if (!memory || key < 0) {
		skip("pkey", "pkey_alloc: %s", strerror(errno));
		return;
	}
	write_pages(memory, 8 * PAGE, PAGE);
	pkey_mprotect(memory + PAGE, PAGE, PROT_READ | PROT_WRITE, key);
	memory[PAGE] = 2;	/* 5.10 takes the write access away until it is asked for */
	expect("pkey", memory + PAGE, "state=mapped last=pte page.kind=anon flags=+pkey%d,+write", key);
	expect("pkey-none", memory, "state=mapped last=pte flags=-pkey%d", key);
	for (last = key; (key = pkey_alloc(0, 0)) > 0;)
		last = key;
	pkey_mprotect(memory + 2 * PAGE, PAGE, PROT_READ, last);
	expect("pkey-last", memory + 2 * PAGE, "state=mapped last=pte flags=+pkey%d,-write", last);
}

/* Merged when two pages of the same content have become one. */
static bool merged(const char *memory)
{
	uint64_t first = pagemap(memory), second = pagemap(memory + PAGE);

	return first & PAGEMAP_PRESENT && PAGEMAP_PFN(first) == PAGEMAP_PFN(second);
}

void make_ksm(void)
{
	char *memory = small_pages("ksm", 16 * PAGE);

	if (!memory)
		return;
	memset(memory, 0x5a, 16 * PAGE);
	if (madvise(memory, 16 * PAGE, MADV_MERGEABLE) || !set("/sys/kernel/mm/ksm/pages_to_scan", "1000") ||
	    !set("/sys/kernel/mm/ksm/sleep_millisecs", "5") || !set("/sys/kernel/mm/ksm/run", "1")) {
		skip("ksm", "no KSM: %s", strerror(errno));
		return;
	}
	for (int i = 0; i < 400 && !merged(memory); i++)
		usleep(50000);
	set("/sys/kernel/mm/ksm/run", "0");
	if (merged(memory))
		expect("ksm", memory + PAGE, "state=mapped last=pte page.kind=ksm flags=-write vma.advice=+mergeable");
	else
		skip("ksm", "nothing was merged in 20 s");
}
