// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "nodes.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PAGE_SHIFT	12
#define MAX_NODES	1024
#define MAX_CPUS	8192
#define BLOCKS		1024	/* a power of two */

struct nodes {
	char directory[256];	/* of the nodes */
	bool exist;		/* without NUMA there is no such directory, and all is node 0's */
	uint64_t block_size;	/* bytes of a memory block; 0: not known */
	int node[MAX_NODES];	/* the numbers of the nodes */
	size_t n;
	struct {
		uint64_t block;	/* its number plus 1; 0: nothing */
		int node;
	} block[BLOCKS];	/* those that were asked for, by their number */
	struct {
		bool known;
		int node;
	} cpu[MAX_CPUS];
};

static void read_block_size(struct nodes *nodes, const char *sys)
{
	char name[256];
	unsigned long long size;
	FILE *file;

	snprintf(name, sizeof(name), "%s/devices/system/memory/block_size_bytes", sys);
	file = fopen(name, "re");
	if (!file)
		return;
	if (fscanf(file, "%llx", &size) == 1)
		nodes->block_size = size;
	fclose(file);
}

static void read_nodes(struct nodes *nodes)
{
	DIR *dir = opendir(nodes->directory);
	struct dirent *entry;
	int node, end;

	nodes->exist = dir;
	while (dir && (entry = readdir(dir)) && nodes->n < MAX_NODES) {
		end = 0;
		if (sscanf(entry->d_name, "node%d%n", &node, &end) == 1 && !entry->d_name[end])
			nodes->node[nodes->n++] = node;
	}
	if (dir)
		closedir(dir);
}

struct nodes *nodes_open(const char *sys)
{
	struct nodes *nodes = calloc(1, sizeof(*nodes));

	if (!nodes)
		return NULL;
	snprintf(nodes->directory, sizeof(nodes->directory), "%s/devices/system/node", sys);
	read_nodes(nodes);
	read_block_size(nodes, sys);
	return nodes;
}

void nodes_close(struct nodes *nodes)
{
	free(nodes);
}

/*
 * The node in whose directory there is what (memory7, cpu3). A block that lies in two nodes is listed in both: which
 * one a page of it is in can't be known.
 */
static int find(const struct nodes *nodes, const char *what, unsigned long long number)
{
	char name[sizeof(nodes->directory) + 64];
	int found = -1;

	for (size_t i = 0; i < nodes->n; i++) {
		snprintf(name, sizeof(name), "%s/node%d/%s%llu", nodes->directory, nodes->node[i], what, number);
		if (access(name, F_OK))
			continue;
		if (found >= 0)
			return -1;
		found = nodes->node[i];
	}
	return found;
}

int nodes_of_page(struct nodes *nodes, uint64_t pfn)
{
	uint64_t block;
	size_t i;

	if (!nodes->exist)
		return 0;
	if (nodes->n == 1)
		return nodes->node[0];
	if (!nodes->block_size)
		return -1;
	block = (pfn << PAGE_SHIFT) / nodes->block_size;
	i = block & (BLOCKS - 1);
	if (nodes->block[i].block != block + 1) {
		nodes->block[i].block = block + 1;
		nodes->block[i].node = find(nodes, "memory", block);
	}
	return nodes->block[i].node;
}

int nodes_of_cpu(struct nodes *nodes, unsigned int cpu)
{
	if (!nodes->exist)
		return 0;
	if (nodes->n == 1)
		return nodes->node[0];
	if (cpu >= MAX_CPUS)
		return -1;
	if (!nodes->cpu[cpu].known) {
		nodes->cpu[cpu].known = true;
		nodes->cpu[cpu].node = find(nodes, "cpu", cpu);
	}
	return nodes->cpu[cpu].node;
}
