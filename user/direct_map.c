// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The kernel's map of all memory begins at a random gigabyte, and not every kernel's kallsyms has the variable that
 * tells which. But the PGD of a process lies in it, at an address that can be read, and at a physical one that is below
 * the end of memory. That leaves a few places where it can begin; the right one is that by which the paths of our own
 * pages end where they should.
 */
#define _GNU_SOURCE
#include "direct_map.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/types.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bpf_util.h"
#include "calibration.h"
#include "calibrate.skel.h"
#include "pagemap.h"

#define GIB		(1ULL << 30)
#define PAGE_SIZE	4096ULL

/* Memory may be moved while it is looked at. */
#define ATTEMPTS	5

/*
 * A wrong guess reads at most as far behind the map as there is memory. Behind the map there is room for more: the
 * kernel reserves whole terabytes (arch/x86/mm/kaslr.c). Only a machine that nearly fills one could have memory of
 * devices there, which isn't to be read.
 */
#define MOST_GUESSED	(512 * GIB)

struct search {
	struct calibrate_bpf *bpf;
	struct calibration *shared;
	char *pages;
	uint64_t phys[CALIBRATION_PAGES];
	struct page_tables guess;
};

static int run(const struct bpf_program *program)
{
	LIBBPF_OPTS(bpf_test_run_opts, options);

	return bpf_prog_test_run_opts(bpf_program__fd(program), &options);
}

/* ---- what /proc says ---- */

/* Which bits of a physical address there are. Where memory is encrypted, the bit that says so is above them. */
static uint64_t read_entry_mask(void)
{
	unsigned int bits = 0;
	FILE *file = fopen("/proc/cpuinfo", "re");
	char line[4096];

	while (file && !bits && fgets(line, sizeof(line), file))
		if (sscanf(line, "address sizes : %u bits physical", &bits) != 1)
			bits = 0;
	if (file)
		fclose(file);
	if (bits < 32 || bits > 52)
		bits = 52;
	return ((1ULL << bits) - 1) & ~(PAGE_SIZE - 1);
}

/* The physical address behind the last zone that has memory; 0: unknown. */
static uint64_t read_memory_end(void)
{
	unsigned long long spanned = 0, start, end = 0;
	FILE *file = fopen("/proc/zoneinfo", "re");
	char line[256];

	while (file && fgets(line, sizeof(line), file)) {
		if (strstr(line, "Node "))
			spanned = 0;
		sscanf(line, " spanned %llu", &spanned);
		if (sscanf(line, " start_pfn: %llu", &start) == 1 && spanned && start + spanned > end)
			end = start + spanned;
	}
	if (file)
		fclose(file);
	return end * PAGE_SIZE;
}

/* Where kallsyms has the variable that holds the place; 0: it doesn't. */
static uint64_t find_variable(void)
{
	unsigned long long address = 0;
	FILE *file = fopen("/proc/kallsyms", "re");
	char line[512];
	int end;

	while (file && fgets(line, sizeof(line), file)) {
		end = 0;
		if (sscanf(line, "%llx %*c page_offset_base%n", &address, &end) == 1 && end && line[end] == '\n')
			break;
		address = 0;
	}
	if (file)
		fclose(file);
	return address;
}

/* ---- our own pages ---- */

static int read_own_phys(struct search *search)
{
	struct pagemap_entry entries[CALIBRATION_PAGES];
	int file = pagemap_open(getpid()), err;

	if (file < 0)
		return file;
	err = pagemap_read(file, (uint64_t)search->pages, entries, CALIBRATION_PAGES);
	close(file);
	for (unsigned int i = 0; !err && i < CALIBRATION_PAGES; i++) {
		search->phys[i] = entries[i].value;
		if (!entries[i].present || !entries[i].value)
			err = -EPERM;
	}
	return err;
}

/* Small pages, which nothing but compaction moves. */
static int make_pages(struct search *search)
{
	size_t size = CALIBRATION_PAGES * PAGE_SIZE;

	search->pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (search->pages == MAP_FAILED)
		return -errno;
	madvise(search->pages, size, MADV_NOHUGEPAGE);
	mlock(search->pages, size);
	for (unsigned int i = 0; i < CALIBRATION_PAGES; i++) {
		search->pages[i * PAGE_SIZE] = 1;
		search->shared->addr[i] = (uint64_t)search->pages + i * PAGE_SIZE;
	}
	return 0;
}

/* ---- the search ---- */

static bool leads_home(const struct search *search, unsigned int page)
{
	const struct calibration *shared = search->shared;
	struct path path;

	decode_path(&search->guess, shared->addr[page], (const uint64_t *)shared->entry[page], shared->n[page], &path);
	return path.state == STATE_MAPPED && path.value == search->phys[page];
}

static bool is_right(struct search *search)
{
	struct calibration *shared = search->shared;

	shared->direct_map = search->guess.direct_map;
	shared->entry_mask = search->guess.entry_mask;
	shared->levels = search->guess.levels;
	if (run(search->bpf->progs.walk_self))
		return false;
	for (unsigned int page = 0; page < CALIBRATION_PAGES; page++)
		if (!leads_home(search, page))
			return false;
	return true;
}

static bool is_place(struct search *search, uint64_t place)
{
	search->guess.direct_map = place;
	for (search->guess.levels = 4; search->guess.levels <= 5; search->guess.levels++)
		if (is_right(search))
			return true;
	return false;
}

static bool guess_place(struct search *search, uint64_t memory_end)
{
	uint64_t pgd = search->shared->pgd, place;

	for (place = pgd & ~(GIB - 1); pgd - place < memory_end; place -= GIB)
		if (is_place(search, place))
			return true;
	return false;
}

static bool look_up_place(struct search *search)
{
	search->shared->variable = find_variable();
	return search->shared->variable && !run(search->bpf->progs.read_variable) && search->shared->value &&
	       is_place(search, search->shared->value);
}

static bool find_place(struct search *search)
{
	uint64_t memory_end = read_memory_end();

	return memory_end && memory_end <= MOST_GUESSED ? guess_place(search, memory_end) : look_up_place(search);
}

static int look(struct search *search, char *why, size_t size)
{
	int err;

	for (unsigned int attempt = 0; attempt < ATTEMPTS; attempt++) {
		err = read_own_phys(search);
		if (err) {
			bpf_explain(why, size, "cannot read physical addresses from /proc/self/pagemap", -err);
			return err;
		}
		err = run(search->bpf->progs.read_pgd);
		if (err) {
			bpf_explain(why, size, "cannot run a BPF program", -err);
			return err;
		}
		if (search->shared->pgd && find_place(search))
			return 0;
	}
	snprintf(why, size, "the kernel's map of all memory is not found: page tables cannot be read by BPF here");
	return -ENOENT;
}

static int load(struct search *search, char *why, size_t size)
{
	int err;

	search->bpf = calibrate_bpf__open_and_load();
	if (!search->bpf) {
		err = -errno;
		bpf_explain(why, size, "the kernel refused the BPF program that reads page tables", -err);
		return err;
	}
	search->shared = &search->bpf->bss->calibration;
	err = make_pages(search);
	if (err)
		bpf_explain(why, size, "cannot map memory", -err);
	return err;
}

static int find(struct page_tables *found, char *why, size_t size)
{
	struct search search = { .pages = MAP_FAILED };
	struct swap_facts facts;
	int err;

	if (!bpf_prepare(why, size))
		return -ENOENT;
	search.guess.entry_mask = read_entry_mask();
	err = load(&search, why, size);
	if (!err)
		err = look(&search, why, size);
	if (search.pages != MAP_FAILED)
		munmap(search.pages, CALIBRATION_PAGES * PAGE_SIZE);
	calibrate_bpf__destroy(search.bpf);
	if (err)
		return err;
	*found = search.guess;
	found->swap = swap_types_of(swap_facts_read(&facts) ? &facts : NULL);
	return 0;
}

/* Both the tracer and a walker ask, and nothing about it changes while the kernel runs: looked for once. */
int direct_map_find(struct page_tables *found, char *why, size_t size)
{
	static struct page_tables tables;
	static char reason[256];
	static bool is_done;
	static int err;

	if (!is_done)
		err = find(&tables, reason, sizeof(reason));
	is_done = true;
	if (err)
		snprintf(why, size, "%s", reason);
	else
		*found = tables;
	return err;
}
