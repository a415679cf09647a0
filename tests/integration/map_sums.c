// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * map_sums PID...: adds up what `pfwatch map --json` says of idle processes, and holds it against what the kernel says
 * of them: each mapping against /proc/PID/smaps, the tables against VmPTE of /proc/PID/status, the sums of pieces of
 * the address space against the whole. Exit status 1 if something differs, or if pfwatch took more than 16 MiB.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define PAGE		4096ULL
#define MAX_VMAS	70000
#define MAX_PFWATCH_KIB	(16 * 1024)

static unsigned int problems;

/* All in bytes. forgotten: huge leaves that are PROT_NONE, which smaps of some kernels doesn't count. */
struct sums {
	uint64_t size, mapped, none, rss, swap, anon_huge, anon, forgotten;
};

struct mapping {
	uint64_t start, end, next;	/* next: where the next region has to begin */
	struct sums regions, said;
};

struct answer {
	size_t n;
	uint64_t at;			/* end of the last region */
	unsigned long n_regions;
	struct sums all, said;
	uint64_t table_kib, vmas, regions;
	bool ended;
	int status;
	struct mapping mapping[MAX_VMAS];
};

static struct answer whole, piece;

static void __attribute__((format(printf, 1, 2))) problem(const char *format, ...)
{
	va_list args;

	if (problems++ > 10)
		return;
	va_start(args, format);
	printf("# ");
	vprintf(format, args);
	printf("\n");
	va_end(args);
}

static void expect(const char *what, uint64_t at, uint64_t got, uint64_t expected)
{
	if (got != expected)
		problem("%s of 0x%llx: %llu, expected %llu", what, (unsigned long long)at, (unsigned long long)got,
			(unsigned long long)expected);
}

/* ---- what pfwatch says ---- */

/* What stands behind "key": in a line without blanks. NULL: there is no such member. */
static const char *member(const char *line, const char *key)
{
	char quoted[64];
	const char *found;

	snprintf(quoted, sizeof(quoted), "\"%s\":", key);
	found = strstr(line, quoted);
	return found ? found + strlen(quoted) : NULL;
}

static uint64_t number(const char *line, const char *key)
{
	const char *value = member(line, key);

	return value ? strtoull(value + (*value == '"'), NULL, 0) : 0;
}

static bool has(const char *line, const char *key, const char *value)
{
	const char *found = member(line, key);

	return found && *found == '"' && !strncmp(found + 1, value, strlen(value)) && found[1 + strlen(value)] == '"';
}

static struct sums said_sums(const char *line)
{
	const char *pages = member(line, "page_bytes");

	return (struct sums) {
		.size = number(line, "bytes"), .mapped = number(line, "mapped_bytes"),
		.none = number(line, "none_bytes"), .rss = number(line, "rss_bytes"),
		.swap = number(line, "swap_bytes"), .anon_huge = number(line, "anon_huge_bytes"),
		.anon = pages ? number(pages, "anon") + number(pages, "ksm") : 0,
	};
}

/* One region, as smaps counts its pages. */
static void add_region(struct sums *sums, const char *line, uint64_t bytes)
{
	bool protnone = has(line, "kind", "protnone"), page = has(line, "kind", "page") || protnone;
	bool anon = page && has(line, "page", "anon");
	bool counts = page && !has(line, "page", "zero") && !has(line, "page", "hugetlb") &&
		      !has(line, "page", "pfnmap") && !has(line, "page", "device");

	sums->size += bytes;
	sums->mapped += page ? bytes : 0;
	sums->none += has(line, "kind", "none") ? bytes : 0;
	sums->rss += counts ? bytes : 0;
	sums->swap += has(line, "kind", "swap") ? bytes : 0;
	sums->anon += anon || (page && has(line, "page", "ksm")) ? bytes : 0;
	sums->anon_huge += anon && number(line, "page_size") == 2 << 20 ? bytes : 0;
	sums->forgotten += counts && protnone && number(line, "page_size") > PAGE ? bytes : 0;
}

static void expect_sums(const char *what, uint64_t at, const struct sums *got, const struct sums *expected)
{
	const uint64_t *a = &got->size, *b = &expected->size;

	for (size_t i = 0; i < offsetof(struct sums, forgotten) / sizeof(*a); i++)
		if (a[i] != b[i])
			problem("%s of 0x%llx: sum %zu is %llu, expected %llu", what, (unsigned long long)at, i,
				(unsigned long long)a[i], (unsigned long long)b[i]);
}

static struct mapping *current(struct answer *answer, uint64_t start)
{
	struct mapping *last = answer->n ? &answer->mapping[answer->n - 1] : NULL;

	if (last && last->start == start)
		return last;
	if (answer->n == MAX_VMAS)
		exit(2);
	last = &answer->mapping[answer->n++];
	*last = (struct mapping){ .start = start };
	return last;
}

static void take_region(struct answer *answer, const char *line)
{
	uint64_t start = number(line, "start"), end = number(line, "end");
	struct mapping *mapping = current(answer, number(line, "vma"));

	if (start < answer->at || start >= end || start % PAGE || end % PAGE || start < mapping->start)
		problem("a region out of order: %s", line);
	if (mapping->next && start != mapping->next)
		problem("addresses in no region: %s", line);
	answer->at = mapping->next = end;
	answer->n_regions++;
	add_region(&mapping->regions, line, end - start);
	add_region(&answer->all, line, end - start);
}

static void take_vma(struct answer *answer, const char *line)
{
	struct mapping *mapping = current(answer, number(line, "start"));

	mapping->end = number(line, "end");
	mapping->said = said_sums(line);
	expect_sums("mapping", mapping->start, &mapping->said, &mapping->regions);
}

static void take_map(struct answer *answer, const char *line)
{
	const char *tables = member(line, "tables");

	answer->ended = true;
	answer->said = said_sums(line);
	answer->vmas = number(line, "vmas");
	answer->regions = number(line, "regions");
	expect_sums("the whole", 0, &answer->said, &answer->all);
	expect("mappings", 0, answer->vmas, answer->n);
	expect("regions", 0, answer->regions, answer->n_regions);
	if (tables)
		answer->table_kib = (number(tables, "pte") + number(tables, "pmd") + number(tables, "pud") +
				     number(tables, "reserved")) * PAGE / 1024;
}

static void ask(struct answer *answer, const char *pid, const char *range)
{
	char command[128], *line = NULL;
	size_t room = 0;
	FILE *stream;

	memset(answer, 0, offsetof(struct answer, mapping));
	snprintf(command, sizeof(command), "exec pfwatch map --json -p %s %s", pid, range);
	stream = popen(command, "r");
	if (!stream)
		exit(2);
	while (getline(&line, &room, stream) > 0) {
		if (answer->ended)
			problem("a line behind the last: %s", line);
		if (has(line, "type", "region"))
			take_region(answer, line);
		else if (has(line, "type", "vma"))
			take_vma(answer, line);
		else if (has(line, "type", "map"))
			take_map(answer, line);
		else
			problem("what is this: %s", line);
	}
	free(line);
	answer->status = pclose(stream);
	if (answer->status || !answer->ended)
		problem("pfwatch map of %s ended with %d", pid, WEXITSTATUS(answer->status));
}

/* ---- what the kernel says ---- */

static FILE *open_proc(const char *pid, const char *file)
{
	char name[64];
	FILE *stream;

	snprintf(name, sizeof(name), "/proc/%s/%s", pid, file);
	stream = fopen(name, "r");
	if (!stream) {
		perror(name);
		exit(2);
	}
	return stream;
}

static void check_mapping(const struct mapping *mapping, const struct sums *kernel)
{
	const struct sums *ours = &mapping->regions;
	uint64_t forgotten = ours->rss - ours->forgotten == kernel->rss ? ours->forgotten : 0;

	expect("Size", mapping->start, ours->size, kernel->size);
	expect("Swap", mapping->start, ours->swap, kernel->swap);
	expect("Rss", mapping->start, ours->rss - forgotten, kernel->rss);
	expect("Anonymous", mapping->start, ours->anon - forgotten, kernel->anon);
	expect("AnonHugePages", mapping->start, ours->anon_huge - forgotten, kernel->anon_huge);
}

static void take_smaps_line(struct sums *sums, const char *line)
{
	static const struct { const char *name; size_t offset; } names[] = {
		{ "Size: %llu", offsetof(struct sums, size) }, { "Rss: %llu", offsetof(struct sums, rss) },
		{ "Swap: %llu", offsetof(struct sums, swap) }, { "Anonymous: %llu", offsetof(struct sums, anon) },
		{ "AnonHugePages: %llu", offsetof(struct sums, anon_huge) },
	};
	unsigned long long kib;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (sscanf(line, names[i].name, &kib) == 1)
			*(uint64_t *)((char *)sums + names[i].offset) = kib * 1024;
}

/* smaps has the mappings in the same order; behind the last one the vsyscall page, which is in no user half. */
static size_t check_smaps(const char *pid)
{
	unsigned long long start = 0, end, from, to;
	struct sums kernel = { 0 };
	FILE *smaps = open_proc(pid, "smaps");
	char line[4200];
	size_t n = 0;

	while (fgets(line, sizeof(line), smaps)) {
		/* "Anonymous:" begins with a hexadecimal digit. */
		if (sscanf(line, "%llx-%llx ", &from, &to) != 2) {
			take_smaps_line(&kernel, line);
			if (strncmp(line, "VmFlags:", 8) || start >> 63 || n > whole.n)
				continue;
			check_mapping(&whole.mapping[n - 1], &kernel);
			continue;
		}
		kernel = (struct sums){ 0 };
		start = from;
		end = to;
		if (start >> 63)
			continue;
		n++;
		if (n <= whole.n && (whole.mapping[n - 1].start != start || whole.mapping[n - 1].end != end))
			problem("mapping %zu begins at 0x%llx, expected 0x%llx", n,
				(unsigned long long)whole.mapping[n - 1].start, start);
	}
	fclose(smaps);
	return n;
}

static uint64_t vm_pte(const char *pid)
{
	FILE *status = open_proc(pid, "status");
	unsigned long long kib = 0;
	char line[256];

	while (fgets(line, sizeof(line), status))
		sscanf(line, "VmPTE: %llu kB", &kib);
	fclose(status);
	return kib;
}

/* ---- pieces ---- */

static void add_piece(struct sums *sum, const char *pid, uint64_t from, uint64_t to)
{
	char range[64];

	snprintf(range, sizeof(range), "0x%llx-%llu", (unsigned long long)from, (unsigned long long)to);
	ask(&piece, pid, range);
	for (size_t i = 0; i < sizeof(*sum) / sizeof(uint64_t); i++)
		(&sum->size)[i] += (&piece.all.size)[i];
}

/* Cut in the middle of mappings, where there may be huge pages, of all of them or of some twenty. */
static void check_pieces(const char *pid)
{
	uint64_t from = 0, end = whole.n ? whole.mapping[whole.n - 1].end : PAGE;
	struct sums sum = { 0 };

	for (size_t i = 0; i < whole.n; i += whole.n > 40 ? whole.n / 20 : 1) {
		const struct mapping *m = &whole.mapping[i];
		uint64_t to = m->start + (m->end - m->start) / 2 / PAGE * PAGE;

		if (to > from)
			add_piece(&sum, pid, from, to);
		from = to;
	}
	add_piece(&sum, pid, from, end);
	expect_sums("the pieces", 0, &sum, &whole.all);
}

static void check(const char *pid)
{
	ask(&whole, pid, "");
	expect("mappings in smaps", 0, whole.n, check_smaps(pid));
	expect("VmPTE", 0, whole.table_kib, vm_pte(pid));
	printf("# PID %s: %zu mappings, %lu regions, %llu KiB, Rss %llu, Swap %llu, AnonHugePages %llu, VmPTE %llu\n",
	       pid, whole.n, whole.n_regions, (unsigned long long)whole.all.size >> 10,
	       (unsigned long long)whole.all.rss >> 10, (unsigned long long)whole.all.swap >> 10,
	       (unsigned long long)whole.all.anon_huge >> 10, (unsigned long long)whole.table_kib);
	check_pieces(pid);
}

int main(int argc, char **argv)
{
	struct rusage usage;

	for (int i = 1; i < argc; i++)
		check(argv[i]);
	getrusage(RUSAGE_CHILDREN, &usage);
	printf("# pfwatch took %ld KiB at the most\n", usage.ru_maxrss);
	if (!usage.ru_maxrss || usage.ru_maxrss > MAX_PFWATCH_KIB)
		problem("pfwatch took %ld KiB", usage.ru_maxrss);
	return argc < 2 || problems;
}
