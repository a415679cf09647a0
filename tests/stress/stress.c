// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * stress SECONDS [WALKERS]: clients that resolve addresses of processes and map them, while these change their address
 * spaces, fork, execute, are killed. What a client is told is held against what can be: a locked page is where it was,
 * what was never mapped is empty, no entry is of a kind that the process can't have, no table is a freed one.
 *
 * Prints how many walks there were and how they ended, and TAP; exit status 1 if a check failed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "client.h"
#include "stress.h"

#define MAX_WALKERS	32
#define ERRNOS		256
#define SHOWN		5	/* of each thing that is wrong */

struct counts {
	unsigned long walks, maps, regions, abandoned;
	unsigned long status[PFWALK_CHANGED + 1], kind[PFWALK_BAD + 1], page[PFWALK_PAGE_KERNEL + 1], error[ERRNOS];
	unsigned long kept, moved, not_empty, impossible, poisoned, broken, no_answer;
};

struct walker {
	pthread_t thread;
	struct random random;
	struct request request;
	struct counts counts;
	uint64_t addrs[PFWALK_MAX_ADDRS];
	int fd;
};

struct shared *shared;
static int family;
static uint64_t end_of_memory;

/* ---- what is told ---- */

static bool in(uint64_t addr, uint64_t start, uint64_t size)
{
	return addr >= start && addr - start < size;
}

static void complain(unsigned long *count, const char *what, uint64_t addr, const struct pfwalk_path *path,
		     const uint64_t *entry)
{
	if ((*count)++ >= SHOWN)
		return;
	printf("# %s: address %#llx status %u kind %u page %u value %#llx:", what, (unsigned long long)addr,
	       path->status, path->kind, path->page, path->value);
	for (unsigned int i = 0; i < path->levels; i++)
		printf(" %016llx", (unsigned long long)entry[i]);
	printf("\n");
}

/* The kernel's page_poison and slub's, and the pattern of init_on_free's absence: what a freed table may hold. */
static bool is_poison(uint64_t entry)
{
	return entry == 0xaaaaaaaaaaaaaaaa || (uint32_t)entry == 0x6b6b6b6b || entry == 0x5a5a5a5a5a5a5a5a;
}

/* Kinds that no page of the victims ever has, whatever happens meanwhile. */
static bool is_impossible(uint64_t addr, const struct pfwalk_path *path)
{
	if (path->kind == PFWALK_BAD || path->kind == PFWALK_OTHER || path->kind == PFWALK_HWPOISON ||
	    path->kind == PFWALK_DEVICE_PRIVATE || path->kind == PFWALK_MARKER)
		return true;
	if (path->kind == PFWALK_TABLE && path->status == PFWALK_WALKED)
		return true;
	if (path->kind == PFWALK_PAGE && path->value >= end_of_memory)
		return true;
	return in(addr, SHARED_HUGE, GIB) && path->kind == PFWALK_SWAP;
}

static void check_kept(struct counts *counts, uint64_t addr, const struct pfwalk_path *path, const uint64_t *entry)
{
	uint64_t phys = shared->kept[(addr - KEPT) / PAGE];

	counts->kept++;
	if (path->status != PFWALK_WALKED || path->kind != PFWALK_PAGE || path->value != phys)
		complain(&counts->moved, "a locked page is elsewhere", addr, path, entry);
}

static void see_path(struct reply *reply, size_t i, const struct pfwalk_path *path, const uint64_t *entry)
{
	struct walker *walker = reply->context;
	struct counts *counts = &walker->counts;
	uint64_t addr = walker->addrs[i];

	counts->walks++;
	counts->status[path->status]++;
	counts->kind[path->kind]++;
	counts->page[path->page]++;
	for (unsigned int level = 0; level < path->levels; level++)
		if (is_poison(entry[level]))
			complain(&counts->poisoned, "a freed table", addr, path, entry);
	if (path->status == PFWALK_NONCANONICAL || addr >> 63 || path->status == PFWALK_CHANGED)
		return;
	if (in(addr, EMPTY, GIB) && path->kind != PFWALK_NONE)
		complain(&counts->not_empty, "where nothing is mapped", addr, path, entry);
	if ((in(addr, ARENA, ARENA_SIZE) || in(addr, SHARED_HUGE, GIB)) && is_impossible(addr, path))
		complain(&counts->impossible, "impossible", addr, path, entry);
}

static void see_kept(struct reply *reply, size_t i, const struct pfwalk_path *path, const uint64_t *entry)
{
	struct walker *walker = reply->context;

	see_path(reply, i, path, entry);
	if (in(walker->addrs[i], KEPT, KEPT_PAGES * PAGE))
		check_kept(&walker->counts, walker->addrs[i], path, entry);
}

static void see_region(struct reply *reply, const struct pfwalk_region *region, const struct pfwalk_vma *vma)
{
	struct counts *counts = &((struct walker *)reply->context)->counts;
	struct pfwalk_path path = { .kind = region->kind, .page = region->page };

	(void)vma;
	counts->regions++;
	if (in(region->start, EMPTY, GIB))
		complain(&counts->not_empty, "a region where nothing is mapped", region->start, &path, NULL);
	if (in(region->start, ARENA, ARENA_SIZE) && region->kind != PFWALK_TABLE && is_impossible(region->start, &path))
		complain(&counts->impossible, "an impossible region", region->start, &path, NULL);
}

static void see_end(struct walker *walker, const struct reply *reply)
{
	struct counts *counts = &walker->counts;

	if (reply->broken && counts->broken++ < SHOWN)
		printf("# a broken reply: %s\n", reply->why);
	if (!reply->ended && counts->no_answer++ < SHOWN)
		printf("# no answer: %s\n", strerror(-reply->error));
	if (reply->error <= 0 && reply->error > -ERRNOS)
		counts->error[-reply->error]++;
	if (reply->ended && !reply->broken)
		return;
	close(walker->fd);
	walker->fd = client_open();
}

/* ---- what is asked ---- */

static uint64_t any_address(struct walker *walker, int target)
{
	struct random *random = &walker->random;
	uint64_t which = dice(random, 32);

	if (which == 0)
		return dice(random, 1ULL << 53) << 11;	/* of any half, or none */
	if (which == 1)
		return EMPTY + dice(random, GIB);
	if (which == 2)
		return ARENA - 8 * MIB + dice(random, ARENA_SIZE + 16 * MIB);
	if (which == 3)
		return -dice(random, 1ULL << 47);
	if (target == VICTIM_SHARER || target == VICTIM_CUTTER)
		return SHARED_HUGE + dice(random, which < 10 ? GIB : 8 * HUGE);
	if (target == VICTIM_KEEPER)
		return KEPT + dice(random, KEPT_PAGES) * PAGE;
	return ARENA + dice(random, ARENA_SIZE);
}

static void ask_paths(struct walker *walker, int target)
{
	struct reply reply = { .on_path = target == VICTIM_KEEPER ? see_kept : see_path, .context = walker };
	size_t n = 1 + dice(&walker->random, dice(&walker->random, 5) ? 300 : PFWALK_MAX_ADDRS);

	for (size_t i = 0; i < n; i++)
		walker->addrs[i] = any_address(walker, target);
	request_resolve(&walker->request, family, shared->pid[target], walker->addrs, n);
	client_ask(walker->fd, &walker->request, &reply);
	see_end(walker, &reply);
}

static void ask_map(struct walker *walker, int target)
{
	struct reply reply = { .on_region = see_region, .context = walker };

	request_map(&walker->request, family, shared->pid[target]);
	client_ask(walker->fd, &walker->request, &reply);
	walker->counts.maps++;
	see_end(walker, &reply);
}

/* Half-way, or before the first message has been read. */
static void abandon(struct walker *walker, int target)
{
	struct reply reply = { 0 };
	int fd = client_open();

	for (size_t i = 0; i < PFWALK_MAX_ADDRS; i++)
		walker->addrs[i] = any_address(walker, target);
	if (dice(&walker->random, 2))
		request_map(&walker->request, family, shared->pid[target]);
	else
		request_resolve(&walker->request, family, shared->pid[target], walker->addrs, PFWALK_MAX_ADDRS);
	client_send(fd, &walker->request, walker->request.head.nlmsg_len);
	if (dice(&walker->random, 2))
		client_take(fd, &reply);
	close(fd);
	walker->counts.abandoned++;
}

static void *walk(void *argument)
{
	struct walker *walker = argument;

	walker->fd = client_open();
	while (!shared->stop) {
		int target = dice(&walker->random, TARGETS);
		uint64_t what = dice(&walker->random, 40);

		if (shared->pid[target] <= 0)
			continue;
		if (what == 0)
			abandon(walker, target);
		else if (what < 6)
			ask_map(walker, target);
		else
			ask_paths(walker, target);
	}
	close(walker->fd);
	return NULL;
}

/* ---- the run ---- */

static void set(const char *file, const char *value)
{
	FILE *stream = fopen(file, "w");

	if (!stream)
		return;
	fputs(value, stream);
	fclose(stream);
}

/* khugepaged without a pause, and locked pages that compaction leaves alone. */
static void set_up_kernel(void)
{
	set("/sys/kernel/mm/transparent_hugepage/enabled", "always");
	set("/sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs", "0");
	set("/sys/kernel/mm/transparent_hugepage/khugepaged/alloc_sleep_millisecs", "0");
	set("/proc/sys/vm/compact_unevictable_allowed", "0");
	set("/proc/sys/kernel/numa_balancing", "0");	/* its hints are as good as PROT_NONE, but on locked pages */
	set("/proc/sys/vm/nr_hugepages", "24");
}

static uint64_t read_end_of_memory(void)
{
	FILE *iomem = fopen("/proc/iomem", "r");
	unsigned long long start, end = 0;
	char line[256];

	while (iomem && fgets(line, sizeof(line), iomem))
		if (strstr(line, "System RAM"))
			sscanf(line, " %llx-%llx", &start, &end);
	if (iomem)
		fclose(iomem);
	return end + 1;
}

/* Whatever ended begins anew; now and then one is killed. */
static void keep_victims(struct random *random, int huge_file)
{
	pid_t pid;

	if (!dice(random, 20))
		kill(shared->pid[VICTIM_CHURN + dice(random, VICTIMS - VICTIM_CHURN)], SIGKILL);
	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (int i = 0; i < VICTIMS; i++)
			if (shared->pid[i] == pid)
				victim_start(i, huge_file);
}

/* All of struct counts are of one type. The walkers may be at work: what is read of them was true a moment ago. */
static struct counts sum(const struct walker *walkers, unsigned int n)
{
	struct counts total = { 0 };
	unsigned long *to = (unsigned long *)&total;

	for (unsigned int i = 0; i < n; i++) {
		const volatile unsigned long *from = (const volatile unsigned long *)&walkers[i].counts;

		for (size_t j = 0; j < sizeof(total) / sizeof(*to); j++)
			to[j] += from[j];
	}
	return total;
}

static bool went_on(const struct counts *counts)
{
	return counts->walks > 1000 && counts->maps > 10;
}

static bool saw_entries(const struct counts *counts)
{
	return counts->kind[PFWALK_NONE] && counts->kind[PFWALK_PAGE] && counts->kind[PFWALK_PROTNONE];
}

static bool saw_pages(const struct counts *counts)
{
	return counts->page[PFWALK_PAGE_ANON] && counts->page[PFWALK_PAGE_HUGETLB];
}

/* How much happens in a second is the machine's affair: a slow one gets more of them. */
static bool is_enough(const struct walker *walkers, unsigned int n)
{
	struct counts counts = sum(walkers, n);

	return went_on(&counts) && saw_entries(&counts) && saw_pages(&counts);
}

static void run(unsigned int seconds, struct walker *walkers, unsigned int n)
{
	int huge_file = memfd_create("stress", MFD_HUGETLB | 21U << 26);
	struct random random = { 4711 };
	unsigned int spent;
	time_t start;

	if (huge_file < 0 || ftruncate(huge_file, GIB))
		printf("# no hugetlb: %s\n", strerror(errno));
	for (int i = 0; i < VICTIMS; i++)
		victim_start(i, huge_file);
	for (int i = 0; i < 600 && !shared->kept_ready; i++)
		usleep(50000);
	for (unsigned int i = 0; i < n; i++) {
		walkers[i].random.state = i * 104729 + 3;
		pthread_create(&walkers[i].thread, NULL, walk, &walkers[i]);
	}
	for (start = time(NULL); (spent = time(NULL) - start) < 8 * seconds; usleep(50000)) {
		if (spent >= seconds && is_enough(walkers, n))
			break;
		keep_victims(&random, huge_file);
	}
	shared->stop = true;
	for (unsigned int i = 0; i < n; i++)
		pthread_join(walkers[i].thread, NULL);
	for (int i = 0; i < VICTIMS; i++)
		kill(shared->pid[i], SIGKILL);
}

/* ---- what came out ---- */

static void print_list(const char *title, const unsigned long *list, size_t n, const char *const *names)
{
	printf("# %s:", title);
	for (size_t i = 0; i < n; i++)
		if (list[i])
			printf(" %lu %s,", list[i], names ? names[i] : i ? strerror(i) : "ok");
	printf("\n");
}

static void print_counts(const struct counts *counts)
{
	static const char *const statuses[] = { "walked", "non-canonical", "kernel", "changed" };
	static const char *const kinds[] = {
		"none", "table", "page", "protnone", "swap", "migration", "hwpoison", "device-private", "marker", "other",
		"bad",
	};
	static const char *const pages[] = {
		"unknown", "anon", "file", "shmem", "ksm", "zero", "hugetlb", "pfnmap", "device", "kernel",
	};

	printf("# %lu walks, %lu of locked pages, %lu maps with %lu regions, %lu abandoned\n", counts->walks,
	       counts->kept, counts->maps, counts->regions, counts->abandoned);
	print_list("status", counts->status, sizeof(counts->status) / sizeof(*counts->status), statuses);
	print_list("kinds", counts->kind, sizeof(counts->kind) / sizeof(*counts->kind), kinds);
	print_list("pages", counts->page, sizeof(counts->page) / sizeof(*counts->page), pages);
	print_list("ends", counts->error, ERRNOS, NULL);
}

static bool named(const struct counts *counts)
{
	for (int i = 0; i < ERRNOS; i++)
		if (counts->error[i] && i && i != ESRCH && i != ENXIO && i != ESTALE)
			return false;
	return true;
}

static int check(bool ok, const char *what)
{
	printf("%s - %s\n", ok ? "ok" : "not ok", what);
	return !ok;
}

static int judge(const struct counts *counts)
{
	int failed = 0;

	failed += check(went_on(counts), "walks and maps went on all the time");
	failed += check(saw_entries(counts), "empty entries, pages and PROT_NONE were among them");
	failed += check(saw_pages(counts), "anonymous pages and those of hugetlb as well");
	failed += check(counts->kept && !counts->moved, "a locked page stays where it is");
	failed += check(!counts->not_empty, "what was never mapped is empty");
	failed += check(!counts->impossible, "no entry of an impossible kind");
	failed += check(!counts->poisoned, "no entry of a freed table");
	failed += check(!counts->broken && !counts->no_answer, "each request has a whole answer");
	failed += check(named(counts), "no error but that the process, or its memory, is gone");
	return failed != 0;
}

int main(int argc, char **argv)
{
	unsigned int seconds = argc > 1 ? strtoul(argv[1], NULL, 0) : 20, n = argc > 2 ? strtoul(argv[2], NULL, 0) : 4;
	struct walker *walkers = calloc(MAX_WALKERS, sizeof(*walkers));
	struct counts counts;
	int fd;

	if (argc > 1 && !strcmp(argv[1], "exec-loop"))
		exec_loop();
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!walkers || shared == MAP_FAILED || n > MAX_WALKERS)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	fd = client_open();
	family = client_family(fd);
	close(fd);
	if (family < 0)
		return check(false, "the family is there");
	set_up_kernel();
	end_of_memory = read_end_of_memory();
	run(seconds, walkers, n);
	counts = sum(walkers, n);
	print_counts(&counts);
	return judge(&counts);
}
