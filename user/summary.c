// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "summary.h"

#include <stdlib.h>

#include "cause.h"
#include "map.h"
#include "slow.h"

const struct summary_limits summary_limits = {
	.mappings = 8192, .addresses = 32768, .instructions = 16384, .files = 8192, .areas = 32768,
};

struct summary *summary_new(const struct geometry *geometry, const struct summary_limits *limits)
{
	struct summary *summary = calloc(1, sizeof(*summary));

	if (!summary)
		return NULL;
	summary->geometry = geometry;
	summary->mappings = tally_new(limits->mappings);
	summary->addresses = tally_new(limits->addresses);
	summary->instructions = tally_new(limits->instructions);
	summary->files = tally_new(limits->files);
	summary->avoidable = avoidable_new(limits->areas);
	if (summary->mappings && summary->addresses && summary->instructions && summary->files && summary->avoidable)
		return summary;
	summary_free(summary);
	return NULL;
}

void summary_free(struct summary *summary)
{
	if (!summary)
		return;
	tally_free(summary->mappings);
	tally_free(summary->addresses);
	tally_free(summary->instructions);
	tally_free(summary->files);
	avoidable_free(summary->avoidable);
	free(summary);
}

/* ---- what a fault is counted under ---- */

static enum size_class size_of(const struct fault *fault, const struct geometry *geometry)
{
	const struct path *after = fault_after(fault);

	if (!after || (!path_has_page(after) && after->state == STATE_UNKNOWN))
		return SIZE_UNKNOWN;
	if (!path_has_page(after))
		return SIZE_NO_PAGE;
	switch (path_page_size(geometry, after)) {
	case 1ULL << 12: return SIZE_4K;
	case 1ULL << 21: return SIZE_2M;
	case 1ULL << 30: return SIZE_1G;
	default: return SIZE_UNKNOWN;
	}
}

static bool has_file(const struct fault *fault)
{
	return fault->has_vma && fault->vma.end && fault->vma.flags & VMA_FILE;
}

static uint64_t file_system(const struct vma *vma)
{
	return (uint64_t)vma->major << 32 | vma->minor;
}

static bool is_stack(const struct vma *vma)
{
	return (vma->flags & (VMA_ANON | VMA_GROWSDOWN)) == (VMA_ANON | VMA_GROWSDOWN);
}

/* The last part tells files, whose file systems' numbers are small, from what else there is. */
static struct tally_key mapping_key(struct summary *summary, const struct fault *fault)
{
	const struct vma *vma = &fault->vma;

	if (!fault->has_vma)
		return (struct tally_key){ fault->pid, fault->addr >> 63, UINT64_MAX };
	if (has_file(fault))
		return (struct tally_key){ fault->pid, vma->inode, file_system(vma) };
	return (struct tally_key){
		fault->pid, vma->end ? mapping_ids_get(&summary->ids, fault->pid, vma) : 0, UINT64_MAX - 1,
	};
}

/* ---- adding up ---- */

static void add_amount(struct amount *amount, uint64_t ns)
{
	amount->faults++;
	amount->time += ns;
}

/* But the address, of which each fault has another. */
static SLOW void find_places(struct summary *summary, struct known_places *places, const struct fault *fault,
			     uint64_t ns)
{
	places->origin = fault->origin;
	places->mapping = mapping_key(summary, fault);
	places->instruction = (struct tally_key){ fault->pid, fault->ip, 0 };
	places->file = (struct tally_key){ fault->vma.inode, file_system(&fault->vma), 0 };
	places->changes = summary->ids.changes;
	places->at_mapping = tally_add(summary->mappings, &places->mapping, fault, ns);
	places->at_instruction = tally_add(summary->instructions, &places->instruction, fault, ns);
	places->at_file = has_file(fault) ? tally_add(summary->files, &places->file, fault, ns) : NULL;
}

static void add_places(struct summary *summary, const struct fault *fault, uint64_t ns)
{
	struct tally_key address = { fault->pid, fault->addr & ~((1ULL << summary->geometry->page_shift) - 1), 0 };
	struct known_places *places = &summary->places[fault->origin % KNOWN_PLACES];

	tally_add(summary->addresses, &address, fault, ns);
	if (!fault->origin || places->origin != fault->origin || places->changes != summary->ids.changes) {
		find_places(summary, places, fault, ns);
		return;
	}
	tally_add_at(summary->mappings, places->at_mapping, &places->mapping, fault, ns);
	tally_add_at(summary->instructions, places->at_instruction, &places->instruction, fault, ns);
	if (places->at_file)
		tally_add_at(summary->files, places->at_file, &places->file, fault, ns);
}

void summary_add(struct summary *summary, const struct fault *fault)
{
	uint64_t ns = fault->has_latency ? fault->latency : 0;

	add_amount(&summary->all, ns);
	add_amount(&summary->by_size[size_of(fault, summary->geometry)], ns);
	summary->by_cause[fault->cause.word]++;
	if (fault->has_latency)
		histogram_add(&summary->latency[fault->cause.word], ns);
	add_places(summary, fault, ns);
	avoidable_add(summary->avoidable, fault);
}

void summary_finish(struct summary *summary)
{
	avoidable_finish(summary->avoidable);
}

/* ---- names ---- */

const char *origin_kind_name(const struct origin *origin)
{
	if (!origin->has_vma)
		return origin->addr >> 63 ? "kernel" : "unknown";
	if (!origin->vma.end)
		return "none";
	return is_stack(&origin->vma) ? "stack" : mapping_kind_name(mapping_kind(&origin->vma));
}

const char *size_class_name(enum size_class size)
{
	static const char *const names[SIZE_CLASSES] = { "4K", "2M", "1G", "none", "unknown" };

	return names[size];
}
