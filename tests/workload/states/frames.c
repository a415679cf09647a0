// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Pages by number: firmware's memory, a device's; and those of NUMA nodes. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../numa_hints.h"
#include "states.h"

#define BIOS		0xf0000UL	/* the firmware's code: below 1 MiB, never used as memory */
#define MPOL_MF_MOVE_	2
#define BARS		6

static void map_bios(void)
{
	int file = open("/dev/mem", O_RDONLY | O_CLOEXEC);
	char *memory = file < 0 ? MAP_FAILED : mmap(NULL, 4 * PAGE, PROT_READ, MAP_SHARED, file, BIOS);

	if (memory == MAP_FAILED) {
		skip("pfnmap", "/dev/mem: %s", strerror(errno));
		return;
	}
	read_pages(memory, 4 * PAGE, PAGE);
	expect("pfnmap", memory + PAGE + 0x321, "state=mapped last=pte phys=0x%lx vma.name=/dev/mem "
	       "page.kind=pfnmap,device flags=-write,-pcd", BIOS + PAGE + 0x321);
}

/* Line `bar` of a device's resource file: "0xSTART 0xEND 0xFLAGS". */
static unsigned long resource_start(const char *device, unsigned int bar)
{
	unsigned long start = 0, end = 0;
	char name[512], line[128];
	FILE *file;

	snprintf(name, sizeof(name), "/sys/bus/pci/devices/%s/resource", device);
	file = fopen(name, "r");
	for (unsigned int i = 0; file && i <= bar; i++)
		if (!fgets(line, sizeof(line), file) || sscanf(line, "%lx %lx", &start, &end) != 2)
			start = 0;
	if (file)
		fclose(file);
	return end - start + 1 < PAGE ? 0 : start;
}

/* Prefetchable memory can be mapped write-combined too; one range must not have two types. */
static bool is_prefetchable(const char *device, unsigned int bar)
{
	char file[512];

	snprintf(file, sizeof(file), "/sys/bus/pci/devices/%s/resource%u_wc", device, bar);
	return !access(file, F_OK);
}

/* Memory of a device, no page of the kernel's. bits: what its caching is in an entry. */
static bool map_bar(const char *name, const char *device, unsigned int bar, const char *suffix, const char *bits)
{
	unsigned long phys = resource_start(device, bar);
	char file[512], *memory;
	int fd;

	snprintf(file, sizeof(file), "/sys/bus/pci/devices/%s/resource%u%s", device, bar, suffix);
	fd = phys && is_prefetchable(device, bar) == !!*suffix ? open(file, O_RDWR | O_CLOEXEC) : -1;
	memory = fd < 0 ? MAP_FAILED : mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		return false;
	expect(name, memory + 8, "state=device last=pte phys=0x%lx page.kind=device flags=%s", phys + 8, bits);
	return true;
}

/* Mapped, it has its entries at once; nothing reads there: a device may mind. */
static void map_device(const char *name, const char *suffix, const char *bits)
{
	DIR *devices = opendir("/sys/bus/pci/devices");
	struct dirent *entry;
	bool found = false;

	while (devices && !found && (entry = readdir(devices)))
		for (unsigned int bar = 0; bar < BARS && !found && entry->d_name[0] != '.'; bar++)
			found = map_bar(name, entry->d_name, bar, suffix, bits);
	if (devices)
		closedir(devices);
	if (!found)
		skip(name, "no PCI device has a resource%s that can be mapped", suffix);
}

/* By Linux' table of types: write-combined is PWT alone, uncached PCD alone where only user space asks for it. */
void make_frames(void)
{
	map_bios();
	map_device("device-write-combined", "_wc", "+pwt,-pcd,+write");
	map_device("device", "", "+pcd,-pwt,+write");
}

/* --- nodes --- */

static int other_node(void)
{
	struct stat info;

	return stat("/sys/devices/system/node/node1", &info) ? -1 : 1;
}

static int move(char *memory, size_t size, int node)
{
	size_t n = size / PAGE, i;
	void **pages = calloc(n, sizeof(*pages));
	int *nodes = calloc(n, sizeof(*nodes)), *status = calloc(n, sizeof(*status));
	long result;

	for (i = 0; i < n; i++) {
		pages[i] = memory + i * PAGE;
		nodes[i] = node;
	}
	result = syscall(SYS_move_pages, 0, n, pages, nodes, status, MPOL_MF_MOVE_);
	free(pages);
	free(nodes);
	free(status);
	return result < 0 ? -1 : 0;
}

void make_nodes(void)
{
	char *memory = small_pages("node", MIB);

	if (!memory)
		return;
	if (other_node() < 0) {
		skip("node", "the machine has one node");
		return;
	}
	write_pages(memory, MIB, PAGE);
	for (int node = 0; node < 2; node++) {
		char name[16];

		snprintf(name, sizeof(name), "node%d", node);
		if (move(memory + node * MIB / 2, MIB / 2, node))
			skip(name, "move_pages: %s", strerror(errno));
		else
			expect(name, memory + node * MIB / 2 + 9 * PAGE, "state=mapped last=pte page.node=%d", node);
	}
}

/* Where the kernel has its knobs: debugfs from 5.13 on. */
static void hurry_scanner(void)
{
	static const char *const knobs[][2] = {
		{ "scan_delay_ms", "1" }, { "scan_period_min_ms", "10" }, { "scan_period_max_ms", "20" },
		{ "scan_size_mb", "256" },
	};
	char file[128];

	for (size_t i = 0; i < sizeof(knobs) / sizeof(*knobs); i++) {
		snprintf(file, sizeof(file), "/sys/kernel/debug/sched/numa_balancing/%s", knobs[i][0]);
		set(file, knobs[i][1]);
		snprintf(file, sizeof(file), "/proc/sys/kernel/numa_balancing_%s", knobs[i][0]);
		set(file, knobs[i][1]);
	}
}

/* The scanner marks a single-threaded process' pages only if they are on another node than it runs on. */
void make_numa_hint(void)
{
	char *memory = small_pages("numa-hint", 2 * MIB);
	unsigned long before = hints_made();
	cpu_set_t cpus;
	bool made;

	if (!memory)
		return;
	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	write_pages(memory, 2 * MIB, PAGE);
	if (other_node() < 0 || move(memory, 2 * MIB, 1) || !set("/proc/sys/kernel/numa_balancing", "1")) {
		skip("numa-hint", "no second node, or no CONFIG_NUMA_BALANCING");
		return;
	}
	hurry_scanner();
	made = wait_for_hints(before, 2 * MIB / PAGE, 400);
	set("/proc/sys/kernel/numa_balancing", "0");
	if (made)
		expect("numa-hint", memory + 100 * PAGE + 1, "state=protnone last=pte page_size=4096 page.kind=anon "
		       "page.node=1 vma.perm=rw-p numa_hint=true");
	else
		skip("numa-hint", "the scanner marked nothing");
}
