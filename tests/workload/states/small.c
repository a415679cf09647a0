// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Holes at each level, and memory in small pages: anonymous, of files, shared. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "states.h"

#ifndef PR_SET_VMA
#define PR_SET_VMA		0x53564d41
#define PR_SET_VMA_ANON_NAME	0
#endif

/* An entry of the top table spans 512 GiB, of a fifth level's 256 TiB. */
static void top_holes(void)
{
	expect("none-512g", (void *)0x180000000000, "state=none last=%s", five_levels() ? "p4d" : "pgd");
	if (five_levels())
		expect("none-pgd", (void *)(3UL << 49), "state=none last=pgd");
	else
		skip("none-pgd", "four levels: the PGD's hole is none-512g");
}

/* One page is there; what is empty beside it is empty in the table that the page's path shares so far. */
void make_holes(void)
{
	char *memory = pages_at("none-pte", 0x100000000000, 4 * GIB);

	if (!memory)
		return;
	memory[5 * PAGE] = 1;
	expect("none-pte", memory + 6 * PAGE + 0x123, "state=none last=pte vma.perm=rw-p");
	expect("none-pmd", memory + 4 * MIB, "state=none last=pmd vma.perm=rw-p");
	expect("none-pud", memory + 2 * GIB, "state=none last=pud vma.perm=rw-p");
	munmap(memory + 3 * GIB, GIB);
	expect("none-pud-unmapped", memory + 3 * GIB + PAGE, "state=none last=pud vma=none");
	memory[MIB] = 1;
	munmap(memory + MIB, PAGE);
	expect("none-pte-unmapped", memory + MIB, "state=none last=pte vma=none");
	expect("none-null", NULL, "state=none vma=none");
	top_holes();
}

static void make_high(void)
{
	char *memory;

	if (!five_levels()) {
		skip("high", "four levels: no address above 2^47");
		return;
	}
	memory = pages_at("high", (1UL << 52) + (3UL << 39) + 7 * HUGE, MIB);
	if (!memory)
		return;
	memory[9 * PAGE] = 1;
	expect("high", memory + 9 * PAGE + 8, "state=mapped last=pte page_size=4096 page.kind=anon flags=+write");
}

static void make_named(void)
{
	char *memory = small_pages("anon-named", 2 * PAGE);

	if (!memory)
		return;
	memory[0] = 1;
	if (prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, memory, 2 * PAGE, "a-name"))
		skip("anon-named", "prctl(PR_SET_VMA_ANON_NAME): %s", strerror(errno));
	else
		expect("anon-named", memory, "state=mapped page.kind=anon vma.name=[anon:a-name]");
}

static void make_locked(void)
{
	char *memory = small_pages("mlocked", MIB);

	if (!memory)
		return;
	if (mlock(memory, 4 * PAGE)) {
		skip("mlocked", "mlock: %s", strerror(errno));
		return;
	}
	expect("mlocked", memory + PAGE, "state=mapped last=pte page.kind=anon vma.advice=+locked,+nohugepage");
}

void make_anonymous(void)
{
	char *memory = small_pages("anon", 4 * MIB);

	if (!memory)
		return;
	write_pages(memory, MIB, PAGE);
	read_pages(memory + 2 * MIB, MIB, PAGE);
	mprotect(memory + 16 * PAGE, PAGE, PROT_READ);
	mprotect(memory + 32 * PAGE, PAGE, PROT_NONE);
	mprotect(memory + 48 * PAGE, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
	expect("anon", memory + 0x321, "state=mapped last=pte page_size=4096 page.kind=anon vma.perm=rw-p "
	       "vma.advice=+nohugepage flags=+present,+write,+user,+accessed,+dirty,+nx");
	expect("anon-readonly", memory + 16 * PAGE, "state=mapped last=pte page.kind=anon vma.perm=r--p flags=-write");
	expect("protnone", memory + 32 * PAGE + 5, "state=protnone last=pte page_size=4096 page.kind=anon "
	       "vma.perm=---p flags=-present numa_hint=none");
	expect("anon-exec", memory + 48 * PAGE, "state=mapped last=pte vma.perm=rwxp flags=-nx");
	expect("zero", memory + 2 * MIB, "state=mapped last=pte page_size=4096 page.kind=zero flags=-write");
	make_locked();
	make_named();
	make_high();
}

static void touch_stack(void)
{
	volatile char stack[64 * 1024];

	write_pages(stack, sizeof(stack), PAGE);
	expect("stack", (void *)(stack + 32 * 1024), "state=mapped last=pte page.kind=anon vma.name=[stack] flags=+write");
}

static void make_heap(void)
{
	char *heap = sbrk(64 * PAGE);

	if (heap == (void *)-1) {
		skip("heap", "sbrk: %s", strerror(errno));
		return;
	}
	heap[3 * PAGE] = 1;
	expect("heap", heap + 3 * PAGE, "state=mapped last=pte page.kind=anon vma.name=[heap] vma.perm=rw-p");
}

/* Read, so that they are there; clock_gettime() uses the first page of vvar. */
static void make_vdso(void)
{
	char *vdso = (char *)getauxval(AT_SYSINFO_EHDR), *vvar = mapping_named("[vvar]");

	if (vdso) {
		read_pages(vdso, 1, PAGE);
		expect("vdso", vdso + 64, "state=mapped last=pte page.kind=kernel vma.name=[vdso] vma.perm=r-xp flags=-nx,-write");
	} else {
		skip("vdso", "the kernel gives none");
	}
	if (vvar) {
		read_pages(vvar, 1, PAGE);
		expect("vvar", vvar, "state=mapped last=pte page.kind=%s vma.name=[vvar] flags=-write",
		       is_pfnmap(vvar) ? "pfnmap" : "kernel");	/* 7 has real pages there */
	} else {
		skip("vvar", "the kernel gives none");
	}
}

/* A constant of the program, in a page that nobody writes. */
static const char rodata[2 * PAGE] = { 1 };

void make_areas(void)
{
	const char *kind = page_cache_kind("/proc/self/exe");

	touch_stack();
	make_heap();
	make_vdso();
	expect("text", (void *)make_areas, "state=mapped last=pte page.kind=%s vma.perm=r-xp flags=-nx,-write", kind);
	read_pages(rodata, sizeof(rodata), PAGE);
	expect("rodata", rodata + PAGE, "state=mapped last=pte page.kind=%s vma.perm=r--p flags=+nx,-write", kind);
}

static char *map_file(int file, int flags)
{
	char *memory = mmap(NULL, MIB, PROT_READ | PROT_WRITE, flags, file, 2 * PAGE);

	return memory == MAP_FAILED ? NULL : memory;
}

/* On a ramfs: page cache like that of any file system on a disk, and no shmem. */
static int open_file(void)
{
	int file;

	mkdir("/tmp/states", 0700);
	if (mount("states", "/tmp/states", "ramfs", 0, NULL))
		return -1;
	file = open("/tmp/states/file", O_RDWR | O_CREAT, 0600);
	if (file >= 0 && ftruncate(file, 2 * MIB)) {
		close(file);
		return -1;
	}
	return file;
}

void make_files(void)
{
	int file = open_file();
	char *shared, *private;

	if (file < 0) {
		skip("file", "a file on a ramfs: %s", strerror(errno));
		return;
	}
	shared = map_file(file, MAP_SHARED);
	private = map_file(file, MAP_PRIVATE);
	if (!shared || !private) {
		skip("file", "mmap: %s", strerror(errno));
		return;
	}
	write_pages(shared, 16 * PAGE, PAGE);
	read_pages(private, 8 * PAGE, PAGE);
	private[PAGE] = 1;
	expect("file-shared", shared + PAGE, "state=mapped last=pte page.kind=file vma.perm=rw-s "
	       "vma.name=/tmp/states/file vma.offset=0x2000");
	expect("file-private", private + 2 * PAGE, "state=mapped last=pte page.kind=file vma.perm=rw-p flags=-write");
	expect("file-private-written", private + PAGE, "state=mapped last=pte page.kind=anon vma.perm=rw-p flags=+write");
	expect("file-none", private + 64 * PAGE, "state=none vma.perm=rw-p");
}

static void make_tmpfs(void)
{
	int file = open("/dev/shm/states", O_RDWR | O_CREAT, 0600);
	char *memory = file < 0 || ftruncate(file, 2 * MIB) ? NULL : map_file(file, MAP_SHARED);

	if (!memory) {
		skip("tmpfs", "a file in /dev/shm: %s", strerror(errno));
		return;
	}
	write_pages(memory, 4 * PAGE, PAGE);
	expect("tmpfs", memory + PAGE, "state=mapped last=pte page.kind=shmem vma.name=/dev/shm/states");
}

static void make_shared_anonymous(void)
{
	char *memory = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED) {
		skip("shared-anon", "mmap: %s", strerror(errno));
		return;
	}
	write_pages(memory, 4 * PAGE, PAGE);
	expect("shared-anon", memory + 3 * PAGE, "state=mapped last=pte page.kind=shmem vma.perm=rw-s");
	expect("shared-anon-none", memory + 4 * PAGE, "state=none vma.perm=rw-s");
}

void make_shmem(void)
{
	char *memory = memfd_pages("memfd", MIB, 0);

	if (memory) {
		write_pages(memory, 4 * PAGE, PAGE);
		expect("memfd", memory + 2 * PAGE, "state=mapped last=pte page.kind=shmem vma.perm=rw-s");
	}
	make_tmpfs();
	make_shared_anonymous();
}

/* After clear_refs only what is written again is soft-dirty. */
void make_soft_dirty(void)
{
	char *memory = small_pages("soft-dirty", MIB);

	if (!memory)
		return;
	write_pages(memory, 8 * PAGE, PAGE);
	if (!set("/proc/self/clear_refs", "4") || pagemap(memory) & (1ULL << 55)) {
		skip("soft-dirty", "no CONFIG_MEM_SOFT_DIRTY");
		return;
	}
	memory[PAGE] = 7;
	expect("soft-dirty", memory + PAGE, "state=mapped last=pte flags=+soft-dirty,+write");
	expect("not-soft-dirty", memory + 2 * PAGE, "state=mapped last=pte flags=-soft-dirty,-write");
}
