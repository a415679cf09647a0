// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "attribution.h"

#include <stdlib.h>
#include <string.h>

#include "intern.h"
#include "nodes.h"
#include "slow.h"
#include "spaces.h"
#include "symbols.h"

#define PAGE_SHIFT 12

#define KNOWN_ORIGINS 64	/* a power of two */

/* What was found out about a fault, and of which others the same would be. */
struct known_origin {
	uint64_t number;	/* of struct fault.origin; 0: nothing */
	uint64_t space, ip;
	uint32_t pid;
	bool kernel_mode;
	char comm[COMM_LEN];
	struct vma vma;		/* as it was seen, but its name, which was found out */
	struct code_place code;
	uint64_t start, end;	/* of the mapping in the list */
	struct space_answer answer;
};

struct attribution {
	struct known_origin origin[KNOWN_ORIGINS];	/* a newer one takes the place of an older one */
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
 * of what is known to lie in none, none is looked for. Returns the mapping in the list, if there is one; it holds until
 * the next is looked for.
 */
static const struct vma *name_vma(struct attribution *attribution, struct fault *fault)
{
	const struct place place = place_of(fault, fault->addr);
	const struct vma *vma;
	uint64_t version;

	fault->vma.name = NULL;
	if (fault->has_vma && !fault->vma.end)
		return NULL;
	vma = spaces_find(attribution->spaces, &place, fault->has_vma ? &fault->vma : NULL, &version);
	if (!vma)
		return NULL;
	if (!fault->has_vma)
		fault->vma = *vma;
	fault->has_vma = true;
	fault->vma.name = strings_keep(attribution->strings, vma->name);
	return vma;
}

/*
 * False: it is no code. Where the mappings aren't known, all that may be an address of user mode passes. *lasts: whether
 * the answer would be the same as long as the mappings are.
 */
static bool find_code(struct attribution *attribution, const struct fault *fault, uint64_t ip, bool returns,
		      struct code_place *code, bool *lasts)
{
	const struct place place = place_of(fault, ip - returns);
	struct code_query query = { .ip = ip, .returns = returns, .pid = fault->pid };

	*lasts = false;
	if (ip >= walker_geometry(attribution->walker)->task_size_max)
		return false;
	query.vma = spaces_find(attribution->spaces, &place, NULL, &query.version);
	if (!query.vma)
		return !query.version;
	if (query.vma->perm[2] != 'x')
		return false;
	*lasts = symbols_find(attribution->symbols, &query, code);
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
static SLOW void find_stack(struct attribution *attribution, struct fault *fault)
{
	struct frame *frames = attribution->frames;
	uint64_t ip[MAX_FRAMES];
	size_t n = tracer_stack(attribution->tracer, fault->stack_id, ip);
	bool lasts;

	if (n && !fault->kernel_mode && ip[0] != fault->ip) {
		fault->stack_end = STACK_LOST;
		return;
	}
	fault->stack = frames;
	fault->stack_end = n == MAX_FRAMES ? STACK_CUT : STACK_ENDS;
	for (size_t i = 0; i < n; i++) {
		frames[i] = (struct frame){ .ip = ip[i] };
		if (!find_code(attribution, fault, ip[i], i || fault->kernel_mode, &frames[i].code,
			       &lasts) && i) {
			fault->stack_end = STACK_NO_CODE;
			break;
		}
		fault->frames = i + 1;
	}
}

/* ---- the origins that are known ---- */

static struct known_origin *slot_of(struct attribution *attribution, const struct fault *fault)
{
	return &attribution->origin[(fault->ip + (fault->vma.start >> PAGE_SHIFT) + fault->pid) % KNOWN_ORIGINS];
}

static bool is_alike(const struct known_origin *known, const struct fault *fault)
{
	const struct vma *vma = &known->vma, *seen = &fault->vma;

	return known->ip == fault->ip && known->space == fault->space && known->pid == fault->pid &&
	       known->kernel_mode == fault->kernel_mode && fault->has_vma && vma->start == seen->start &&
	       vma->end == seen->end && vma->flags == seen->flags && vma->offset == seen->offset &&
	       vma->inode == seen->inode && vma->major == seen->major && vma->minor == seen->minor &&
	       comm_is_same(known->comm, fault->comm);
}

/* Looking into the lists again would find the same, and not lead to reading them. */
static bool holds(const struct attribution *attribution, const struct known_origin *known, const struct fault *fault)
{
	return known->number && fault->addr - known->start < known->end - known->start &&
	       fault->ts <= known->answer.until &&
	       known->answer.changes == spaces_changes(attribution->spaces);
}

static void recall(struct attribution *attribution, const struct known_origin *known, struct fault *fault)
{
	spaces_use(attribution->spaces, &known->answer);
	fault->origin = known->number;
	fault->vma.name = known->vma.name;
	fault->code = known->code;
}

/*
 * Both answers are of the same lists. The number is a new one, in the whole program: who goes by an old one knows other
 * faults by it.
 */
static void learn(struct known_origin *known, struct fault *fault, const struct space_answer *answer)
{
	static uint64_t origins;

	fault->origin = ++origins;
	known->number = fault->origin;
	known->space = fault->space;
	known->ip = fault->ip;
	known->pid = fault->pid;
	known->kernel_mode = fault->kernel_mode;
	memcpy(known->comm, fault->comm, COMM_LEN);
	known->vma = fault->vma;
	known->code = fault->code;
	known->answer = *answer;
}

static SLOW void look_up(struct attribution *attribution, struct known_origin *known, struct fault *fault)
{
	bool lasts = fault->has_vma, code_lasts = true;
	struct space_answer answer = { 0 };
	const struct vma *listed;

	fault->origin = known->number = 0;
	listed = name_vma(attribution, fault);
	lasts &= listed && fault->vma.name;
	if (lasts) {
		known->start = listed->start;
		known->end = listed->end;
		answer = spaces_answer(attribution->spaces);
	}
	if (!fault->kernel_mode)
		find_code(attribution, fault, fault->ip, false, &fault->code, &code_lasts);
	if (lasts && code_lasts && answer.changes == spaces_changes(attribution->spaces))
		learn(known, fault, &answer);
}

static void find_origin(struct attribution *attribution, struct fault *fault)
{
	struct known_origin *known = slot_of(attribution, fault);

	if (is_alike(known, fault) && holds(attribution, known, fault))
		recall(attribution, known, fault);
	else
		look_up(attribution, known, fault);
}

void attribute(struct attribution *attribution, struct fault *fault, enum attribute what)
{
	if (fault->stack_end == STACK_ENDS)
		find_stack(attribution, fault);
	if (what >= ATTRIBUTE_ORIGIN)
		find_origin(attribution, fault);
	if (what == ATTRIBUTE_ALL)
		find_nodes(attribution, fault);
}
