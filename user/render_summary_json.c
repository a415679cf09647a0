// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A summary as the one JSON object that is the last line of a stream, with more members than that has otherwise. */
#include "cause.h"
#include "json.h"
#include "render_json_origin.h"
#include "render_summary.h"

/* "key":{ as a member of an object that may have none before it; the count of it is its first one. */
static void begin_counted(struct output *out, const char *key, uint64_t count, bool *first)
{
	put_str(out, *first ? "\"" : ",\"");
	put_str(out, key);
	put_str(out, "\":{\"count\":");
	put_dec(out, count);
	*first = false;
}

static void begin_object(struct output *out, const char *key)
{
	put_key(out, key);
	put_char(out, '{');
}

static void put_amount(struct output *out, const char *key, const struct amount *amount, bool *first)
{
	begin_counted(out, key, amount->faults, first);
	put_key_dec(out, "time_ns", amount->time);
	put_char(out, '}');
}

/* ---- causes and page sizes ---- */

static void put_histogram(struct output *out, const struct histogram *h)
{
	bool first = true;

	put_key(out, "histogram");
	put_char(out, '[');
	for (unsigned int i = 0; i < BUCKETS; i++) {
		if (!h->bucket[i])
			continue;
		put_str(out, first ? "{\"from_ns\":" : ",{\"from_ns\":");
		put_dec(out, histogram_low(i));
		put_key_dec(out, "to_ns", i + 1 < BUCKETS ? histogram_low(i + 1) - 1 : UINT64_MAX);
		put_key_dec(out, "count", h->bucket[i]);
		put_char(out, '}');
		first = false;
	}
	put_char(out, ']');
}

static void put_latency(struct output *out, const struct histogram *h)
{
	put_key_dec(out, "time_ns", h->sum);
	if (!h->n)
		return;
	put_key_dec(out, "min_ns", h->min);
	put_key_dec(out, "p50_ns", histogram_percentile(h, 50));
	put_key_dec(out, "p99_ns", histogram_percentile(h, 99));
	put_key_dec(out, "max_ns", h->max);
	put_histogram(out, h);
}

static void put_causes(struct output *out, const struct summary *summary)
{
	bool first = true;

	begin_object(out, "by_cause");
	for (unsigned int i = 0; i < CAUSES; i++) {
		if (!summary->by_cause[i])
			continue;
		begin_counted(out, cause_name(i), summary->by_cause[i], &first);
		put_latency(out, &summary->latency[i]);
		put_char(out, '}');
	}
	put_char(out, '}');
}

static void put_sizes(struct output *out, const struct summary *summary)
{
	bool first = true;

	begin_object(out, "by_page_size");
	for (unsigned int i = 0; i < SIZE_CLASSES; i++)
		put_amount(out, size_class_name(i), &summary->by_size[i], &first);
	put_char(out, '}');
}

/* ---- where ---- */

static void put_file(struct output *out, const struct vma *vma)
{
	put_json_dev(out, vma);
	put_key_dec(out, "inode", vma->inode);
}

static void put_process(struct output *out, const struct tally_entry *entry)
{
	put_key_dec(out, "pid", entry->origin.pid);
	put_key_str(out, "comm", entry->origin.comm);
}

/* Bounds are those of the last fault there. */
static void put_mapping(struct output *out, const struct tally_entry *entry)
{
	const struct vma *vma = &entry->origin.vma;

	put_process(out, entry);
	put_key_str(out, "kind", origin_kind_name(&entry->origin));
	if (!entry->origin.has_vma || !vma->end)
		return;
	put_key_hex(out, "start", vma->start);
	put_key_hex(out, "end", vma->end);
	put_key_str(out, "perm", vma->perm);
	put_key_str(out, "name", vma->name ? vma->name : "");
	if (vma->flags & VMA_FILE)
		put_file(out, vma);
}

static void put_address(struct output *out, const struct tally_entry *entry)
{
	put_process(out, entry);
	put_key_str(out, "kind", origin_kind_name(&entry->origin));
	put_key_hex(out, "addr", entry->key.b);
}

static void put_instruction(struct output *out, const struct tally_entry *entry)
{
	put_process(out, entry);
	put_key_hex(out, "ip", entry->key.b);
	put_json_code(out, &entry->origin.code);
}

static void put_named_file(struct output *out, const struct tally_entry *entry)
{
	const struct vma *vma = &entry->origin.vma;

	put_file(out, vma);
	put_key_str(out, "name", vma->name ? vma->name : "");
}

/* A list of objects; those of a tally that isn't exact say by how much their count may be too high. */
static void put_top(struct output *out, const struct tally *tally, size_t most,
		    void (*put)(struct output *out, const struct tally_entry *entry))
{
	const struct tally_entry *top[REPORT_MAPPINGS];
	size_t n = tally_top(tally, top, most);

	put_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		put_str(out, i ? ",{\"count\":" : "{\"count\":");
		put_dec(out, top[i]->count);
		if (!tally_is_exact(tally))
			put_key_dec(out, "count_error", top[i]->error);
		put_key_dec(out, "time_ns", top[i]->time);
		put(out, top[i]);
		put_char(out, '}');
	}
	put_char(out, ']');
}

static void put_exactness(struct output *out, const char *key, const struct tally *tally, bool first)
{
	put_str(out, first ? "\"" : ",\"");
	put_str(out, key);
	put_str(out, "\":{\"exact\":");
	put_str(out, tally_is_exact(tally) ? "true" : "false");
	put_key_dec(out, "tracked", tally_keys(tally));
	put_char(out, '}');
}

static void put_places(struct output *out, const struct summary *summary)
{
	put_key(out, "by_vma");
	put_top(out, summary->mappings, REPORT_MAPPINGS, put_mapping);
	put_str(out, ",\"top\":{\"addresses\":");
	put_top(out, summary->addresses, REPORT_TOP, put_address);
	put_str(out, ",\"instructions\":");
	put_top(out, summary->instructions, REPORT_TOP, put_instruction);
	put_str(out, ",\"files\":");
	put_top(out, summary->files, REPORT_TOP, put_named_file);
	put_str(out, "},\"keys\":{");
	put_exactness(out, "vmas", summary->mappings, true);
	put_exactness(out, "addresses", summary->addresses, false);
	put_exactness(out, "instructions", summary->instructions, false);
	put_exactness(out, "files", summary->files, false);
	put_char(out, '}');
}

static void put_avoidable(struct output *out, const struct summary *summary)
{
	static const char *const names[AVOID_WAYS] = {
		[AVOID_POPULATE] = "populate", [AVOID_HUGE_PAGE] = "huge_page", [AVOID_WRITE_FIRST] = "write_first",
		[AVOID_MLOCK] = "mlock", [AVOID_POPULATE_FILE] = "populate_file",
	};
	bool first = true;

	begin_object(out, "avoidable");
	for (unsigned int i = 0; i < AVOID_WAYS; i++)
		put_amount(out, names[i], avoidable_amount(summary->avoidable, i), &first);
	put_key_dec(out, "areas_let_go", avoidable_let_go(summary->avoidable));
	put_char(out, '}');
}

void json_report(const struct render *render, const struct totals *totals, const struct summary *summary)
{
	struct output *out = render->out;

	json_put_totals(render, totals);
	put_key_dec(out, "time_ns", summary->all.time);
	put_causes(out, summary);
	put_sizes(out, summary);
	put_places(out, summary);
	if (render->one_in <= 1)	/* of a sample it isn't seen which faults are neighbours */
		put_avoidable(out, summary);
	put_str(out, "}\n");
}
