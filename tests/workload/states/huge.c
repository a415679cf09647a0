// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Leaves above the PTE: transparent huge pages, hugetlb of both sizes, tables that two processes share. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "states.h"

#define MFD_HUGE_2M	(21U << 26)
#define MFD_HUGE_1G	(30U << 26)

/* A change of one page's rights, or its removal, splits the mapping: the PMD becomes a table. */
static void split_thp(char *memory)
{
	mprotect(memory + 16 * PAGE, PAGE, PROT_READ);
	expect("thp-split", memory + 32 * PAGE, "state=mapped last=pte page_size=4096 page.kind=anon flags=+write");
	expect("thp-split-readonly", memory + 16 * PAGE, "state=mapped last=pte page_size=4096 flags=-write");
	madvise(memory + 64 * PAGE, PAGE, MADV_DONTNEED);
	expect("thp-split-hole", memory + 64 * PAGE, "state=none last=pte");
}

static void zero_thp(char *memory)
{
	if (get("/sys/kernel/mm/transparent_hugepage/use_zero_page") != 1) {
		skip("thp-zero", "no use_zero_page");
		return;
	}
	read_pages(memory, 1, PAGE);
	expect("thp-zero", memory + 5 * PAGE + 3, "state=mapped last=pmd page_size=2097152 page.kind=zero flags=+huge,-write");
}

static void shmem_thp(void)
{
	char *memory;

	if (!set("/sys/kernel/mm/transparent_hugepage/shmem_enabled", "advise")) {
		skip("thp-shmem", "no shmem_enabled");
		return;
	}
	memory = memfd_pages("thp-shmem", 2 * HUGE, 0);
	if (!memory)
		return;
	memory += -(uintptr_t)memory & (HUGE - 1);
	madvise(memory, HUGE, MADV_HUGEPAGE);
	memory[0] = 1;
	if (smaps_kb(memory, "ShmemPmdMapped"))
		expect("thp-shmem", memory + 9 * PAGE, "state=mapped last=pmd page_size=2097152 page.kind=shmem flags=+huge");
	else
		skip("thp-shmem", "the kernel gave no huge page");
}

void make_thp(void)
{
	char *memory = huge_pages("thp", 5 * HUGE);

	if (!memory)
		return;
	write_pages(memory, 3 * HUGE, HUGE);
	if (smaps_kb(memory, "AnonHugePages") < 3 * HUGE / 1024) {
		skip("thp", "the kernel gave no huge page");
		return;
	}
	mprotect(memory + HUGE, HUGE, PROT_NONE);
	expect("thp", memory + 0x12345, "state=mapped last=pmd page_size=2097152 page.kind=anon page.folio_size=2097152 "
	       "flags=+huge,+write,+nx vma.advice=+hugepage");
	expect("thp-protnone", memory + HUGE + 0x54321, "state=protnone last=pmd page_size=2097152 page.kind=anon "
	       "vma.perm=---p numa_hint=none");
	split_thp(memory + 2 * HUGE);
	zero_thp(memory + 3 * HUGE);
	expect("thp-none", memory + 4 * HUGE, "state=none last=pmd vma.advice=+hugepage");
	shmem_thp();
}

void make_hugetlb(void)
{
	char *memory = mmap(NULL, 4 * HUGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MFD_HUGE_2M, -1, 0);
	char *shared;

	if (memory == MAP_FAILED) {
		skip("hugetlb", "mmap: %s", strerror(errno));
		return;
	}
	write_pages(memory, 2 * HUGE, HUGE);
	mprotect(memory + HUGE, HUGE, PROT_NONE);
	expect("hugetlb", memory + 0x54321, "state=mapped last=pmd page_size=2097152 page.kind=hugetlb flags=+huge,+write");
	expect("hugetlb-protnone", memory + HUGE + 7, "state=protnone last=pmd page_size=2097152 page.kind=hugetlb "
	       "vma.perm=---p numa_hint=none");
	expect("hugetlb-none", memory + 2 * HUGE, "state=none last=pmd");
	shared = memfd_pages("hugetlb-shared", 2 * HUGE, MFD_HUGETLB | MFD_HUGE_2M);
	if (!shared)
		return;
	shared[0] = 1;
	expect("hugetlb-shared", shared + 99, "state=mapped last=pmd page_size=2097152 page.kind=hugetlb vma.perm=rw-s");
}

/* One page, mapped twice: the machine has no second. */
void make_gigantic(void)
{
	int file = memfd_create("gigantic", MFD_HUGETLB | MFD_HUGE_1G);
	char *memory, *none;

	if (file < 0 || ftruncate(file, GIB)) {
		skip("gigantic", "memfd_create, ftruncate: %s", strerror(errno));
		return;
	}
	memory = mmap(NULL, GIB, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	none = mmap(NULL, GIB, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (memory == MAP_FAILED || none == MAP_FAILED) {
		skip("gigantic", "mmap: %s", strerror(errno));
		return;
	}
	memory[0] = 1;
	none[PAGE] = 1;
	mprotect(none, GIB, PROT_NONE);
	expect("gigantic", memory + 0x12345678, "state=mapped last=pud page_size=1073741824 page.kind=hugetlb "
	       "flags=+huge,+write,+nx");
	expect("gigantic-protnone", none + 0x12345678, "state=protnone last=pud page_size=1073741824 page.kind=hugetlb "
	       "vma.perm=---s numa_hint=none");
}

/* The file's page at 3 * HUGE, in the mapping that covers all that one PUD entry spans. */
static void tell_shared(char *memory)
{
	memory[3 * HUGE] = 1;
	expect("shared-pmd", memory + 3 * HUGE + 5, "state=mapped last=pmd page.kind=hugetlb same=pud:shared-pmd");
	expect("shared-pmd-none", memory + 9 * HUGE, "state=none last=pmd same=pud:shared-pmd");
	fflush(stdout);
}

static void start_sharer(char *memory)
{
	int done[2];
	char byte;

	if (pipe(done))
		return;
	if (!fork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		tell_shared(memory);
		close(done[0]);
		close(done[1]);
		for (;;)
			pause();
	}
	close(done[1]);
	while (read(done[0], &byte, 1) > 0)
		;
	close(done[0]);
}

/* Sparse: a gigabyte of address space, one huge page. */
void make_shared_pmd(void)
{
	int file = memfd_create("shared-pmd", MFD_HUGETLB | MFD_HUGE_2M);
	char *memory;

	if (file < 0 || ftruncate(file, GIB)) {
		skip("shared-pmd", "memfd_create, ftruncate: %s", strerror(errno));
		return;
	}
	memory = mmap((void *)(300 * GIB), GIB, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_NORESERVE | MAP_FIXED_NOREPLACE, file, 0);
	if (memory == MAP_FAILED) {
		skip("shared-pmd", "mmap: %s", strerror(errno));
		return;
	}
	tell_shared(memory);
	start_sharer(memory);
}
