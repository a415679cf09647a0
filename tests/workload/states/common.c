// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "states.h"

#define TMPFS_MAGIC	0x01021994

/* --- telling --- */

static void say_phys(const void *addr, uint64_t entry)
{
	uint64_t offset = (uintptr_t)addr % PAGE;

	/* Frame 0 is what the kernel says to those who may not know. */
	if (entry & PAGEMAP_PRESENT && PAGEMAP_PFN(entry))
		printf(" phys=0x%llx", (unsigned long long)(PAGEMAP_PFN(entry) * PAGE + offset));
}

static void say_node(const void *addr)
{
	int node = node_of(addr);

	if (node >= 0)
		printf(" page.node=%d", node);
}

void expect(const char *name, const void *addr, const char *format, ...)
{
	uint64_t entry = pagemap(addr);
	char words[512];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	printf("state %s %d %p %s", name, getpid(), addr, words);
	if (!strstr(words, "phys="))
		say_phys(addr, entry);
	if (strstr(words, "state=mapped") && !strstr(words, "page.node="))
		say_node(addr);
	printf("\n");
}

void skip(const char *name, const char *format, ...)
{
	va_list args;

	printf("skip %s ", name);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

/* --- memory --- */

static char *aligned_pages(const char *name, size_t size, int advice)
{
	char *memory = mmap(NULL, size + HUGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED) {
		skip(name, "mmap: %s", strerror(errno));
		return NULL;
	}
	memory += -(uintptr_t)memory & (HUGE - 1);
	madvise(memory, size, advice);
	return memory;
}

char *small_pages(const char *name, size_t size)
{
	return aligned_pages(name, size, MADV_NOHUGEPAGE);
}

char *huge_pages(const char *name, size_t size)
{
	return aligned_pages(name, size, MADV_HUGEPAGE);
}

char *pages_at(const char *name, uint64_t addr, size_t size)
{
	char *memory = mmap((void *)addr, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

	if (memory == MAP_FAILED) {
		skip(name, "mmap at %#llx: %s", (unsigned long long)addr, strerror(errno));
		return NULL;
	}
	madvise(memory, size, MADV_NOHUGEPAGE);
	return memory;
}

char *memfd_pages(const char *name, size_t size, unsigned int flags)
{
	int file = memfd_create(name, flags);
	char *memory = MAP_FAILED;

	if (file >= 0 && !ftruncate(file, size))
		memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (file >= 0)
		close(file);
	if (memory != MAP_FAILED)
		return memory;
	skip(name, "memfd_create, ftruncate, mmap: %s", strerror(errno));
	return NULL;
}

void write_pages(volatile char *memory, size_t size, size_t step)
{
	for (size_t i = 0; i < size; i += step)
		memory[i] = 1 + i / step;
}

void read_pages(const volatile char *memory, size_t size, size_t step)
{
	for (size_t i = 0; i < size; i += step)
		(void)memory[i];
}

/* --- what the kernel says --- */

uint64_t pagemap(const void *addr)
{
	int file = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t entry = 0;

	if (pread(file, &entry, sizeof(entry), (uintptr_t)addr / PAGE * sizeof(entry)) != sizeof(entry))
		entry = 0;
	close(file);
	return entry;
}

int node_of(const void *addr)
{
	void *pages[] = { (void *)((uintptr_t)addr & ~(PAGE - 1)) };
	int status = -1;

	if (syscall(SYS_move_pages, 0, 1UL, pages, NULL, &status, 0))
		return -1;
	return status < 0 ? -1 : status;
}

static bool in_mapping(const char *line, const void *addr)
{
	unsigned long start, end;

	return sscanf(line, "%lx-%lx ", &start, &end) == 2 && start <= (uintptr_t)addr && (uintptr_t)addr < end;
}

char *mapping_named(const char *name)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long start, found = 0;
	char line[512], *blank;

	while (maps && !found && fgets(line, sizeof(line), maps)) {
		line[strcspn(line, "\n")] = '\0';
		blank = strrchr(line, ' ');
		if (blank && !strcmp(blank + 1, name) && sscanf(line, "%lx", &start) == 1)
			found = start;
	}
	if (maps)
		fclose(maps);
	return (char *)found;
}

/* What stands behind KEY: in /proc/self/smaps for the mapping that addr lies in; "" if it isn't there. */
static void smaps_value(const void *addr, const char *key, char *value, size_t size)
{
	FILE *smaps = fopen("/proc/self/smaps", "r");
	size_t length = strlen(key);
	bool inside = false;
	char line[512];

	*value = '\0';
	while (smaps && fgets(line, sizeof(line), smaps)) {
		if (strchr(line, '-') && strchr(line, '-') < strchr(line, ' '))
			inside = in_mapping(line, addr);
		else if (inside && !strncmp(line, key, length) && line[length] == ':')
			snprintf(value, size, "%s", line + length + 1);
	}
	if (smaps)
		fclose(smaps);
}

unsigned long smaps_kb(const void *addr, const char *key)
{
	char value[512];

	smaps_value(addr, key, value, sizeof(value));
	return strtoul(value, NULL, 10);
}

bool is_pfnmap(const void *addr)
{
	char value[512];

	smaps_value(addr, "VmFlags", value, sizeof(value));
	return strstr(value, " pf ");
}

/* Only with a fifth level does a hint lead beyond 47 bits. */
bool five_levels(void)
{
	void *memory = mmap((void *)(1UL << 50), PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool high = memory != MAP_FAILED && (uintptr_t)memory >> 47;

	munmap(memory, PAGE);
	return high;
}

const char *page_cache_kind(const char *file)
{
	struct statfs stat;

	return !statfs(file, &stat) && stat.f_type == TMPFS_MAGIC ? "shmem" : "file";
}

bool set(const char *file, const char *value)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, value, strlen(value)) == (ssize_t)strlen(value);

	if (fd >= 0)
		close(fd);
	return done;
}

long get(const char *file)
{
	FILE *stream = fopen(file, "r");
	long value = -1;

	if (!stream)
		return -1;
	if (fscanf(stream, "%ld", &value) != 1)
		value = -1;
	fclose(stream);
	return value;
}
