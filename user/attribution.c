// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "attribution.h"

#include <stdlib.h>

#include "intern.h"
#include "nodes.h"
#include "spaces.h"
#include "symbols.h"

#define PAGE_SHIFT 12

struct attribution {
	struct walker *walker;
	struct strings *strings;
	struct spaces *spaces;
	struct symbols *symbols;
	struct nodes *nodes;
	struct tracer *tracer;
	struct frame frames[MAX_FRAMES];
};

static bool has_space(void *data, uint32_t pid, uint64_t space)
{
	struct attribution *attribution = data;
	uint64_t addr = 0, time;
	struct path path;

	return !walker_resolve(attribution->walker, pid, &space, &addr, 1, &path, &time);
}

struct attribution *attribution_new(struct walker *walker, struct tracer *tracer)
{
	struct attribution *attribution = calloc(1, sizeof(*attribution));

	if (!attribution)
		return NULL;
	attribution->walker = walker;
	attribution->tracer = tracer;
	attribution->strings = strings_new();
	attribution->spaces = spaces_new(has_space, attribution);
	attribution->symbols = symbols_new(attribution->strings);
	attribution->nodes = nodes_open("/sys");
	if (attribution->strings && attribution->spaces && attribution->symbols && attribution->nodes)
		return attribution;
	attribution_free(attribution);
	return NULL;
}

void attribution_free(struct attribution *attribution)
{
	if (!attribution)
		return;
	nodes_close(attribution->nodes);
	symbols_free(attribution->symbols);
	spaces_free(attribution->spaces);
	strings_free(attribution->strings);
	free(attribution);
}

static struct place place_of(const struct fault *fault, uint64_t addr)
{
	return (struct place){
		.pid = fault->pid, .space = fault->space, .time = fault->ts, .addr = addr,
		.gone = fault->walk_status == WALK_GONE,
	};
}

/*
 * What the kernel told of the mapping lacks its name. Where it told nothing, the mapping is the one that is there now;
 * of what is known to lie in none, none is looked for.
 */
static void name_vma(struct attribution *attribution, struct fault *fault)
{
	const struct place place = place_of(fault, fault->addr);
	const struct vma *vma;
	uint64_t version;

	fault->vma.name = NULL;
	if (fault->has_vma && !fault->vma.end)
		return;
	vma = spaces_find(attribution->spaces, &place, fault->has_vma ? &fault->vma : NULL, &version);
	if (!vma)
		return;
	if (!fault->has_vma)
		fault->vma = *vma;
	fault->has_vma = true;
	fault->vma.name = strings_keep(attribution->strings, vma->name);
}

/* False: it is no code. Where the mappings aren't known, all that may be an address of user mode passes. */
static bool find_code(struct attribution *attribution, const struct fault *fault, uint64_t ip, bool returns,
		      struct code_place *code)
{
	const struct place place = place_of(fault, ip - returns);
	struct code_query query = { .ip = ip, .returns = returns, .pid = fault->pid };

	if (ip >= walker_geometry(attribution->walker)->task_size_max)
		return false;
	query.vma = spaces_find(attribution->spaces, &place, NULL, &query.version);
	if (!query.vma)
		return !query.version;
	if (query.vma->perm[2] != 'x')
		return false;
	symbols_find(attribution->symbols, &query, code);
	return true;
}

/* Of memory: what a device has there is of no node. */
static void find_nodes(struct attribution *attribution, struct fault *fault)
{
	int cpu = nodes_of_cpu(attribution->nodes, fault->cpu), page = -1;
	const struct path *after = fault_after(fault);

	if (after && path_has_page(after) && after->state != STATE_DEVICE && after->page != PAGE_PFNMAP &&
	    after->page != PAGE_DEVICE && !(fault->vma.flags & VMA_PFNMAP))
		page = nodes_of_page(attribution->nodes, after->value >> PAGE_SHIFT);
	fault->has_cpu_node = cpu >= 0;
	fault->cpu_node = cpu;
	fault->has_page_node = page >= 0;
	fault->page_node = page;
}

/*
 * A stack in user mode begins where the fault was: what doesn't is another one's, which came to this place by an
 * accident of two CPUs. All other frames are where a call returns to; in kernel mode the first one, too, a system call's.
 */
static void find_stack(struct attribution *attribution, struct fault *fault)
{
	struct frame *frames = attribution->frames;
	uint64_t ip[MAX_FRAMES];
	size_t n = tracer_stack(attribution->tracer, fault->stack_id, ip);

	if (n && !fault->kernel_mode && ip[0] != fault->ip) {
		fault->stack_end = STACK_LOST;
		return;
	}
	fault->stack = frames;
	fault->stack_end = n == MAX_FRAMES ? STACK_CUT : STACK_ENDS;
	for (size_t i = 0; i < n; i++) {
		frames[i] = (struct frame){ .ip = ip[i] };
		if (!find_code(attribution, fault, ip[i], i || fault->kernel_mode, &frames[i].code) && i) {
			fault->stack_end = STACK_NO_CODE;
			break;
		}
		fault->frames = i + 1;
	}
}

void attribute(struct attribution *attribution, struct fault *fault, bool origin)
{
	if (fault->stack_end == STACK_ENDS)
		find_stack(attribution, fault);
	if (!origin)
		return;
	name_vma(attribution, fault);
	if (!fault->kernel_mode)
		find_code(attribution, fault, fault->ip, false, &fault->code);
	find_nodes(attribution, fault);
}
