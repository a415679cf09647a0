// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A summary for people, within 100 columns: tables of counts and times, and a histogram of each cause's latency. */
#include <stdio.h>
#include <string.h>

#include "cause.h"
#include "render_origin.h"
#include "render_summary.h"
#include "text.h"

enum { WIDTH = 100, WIDTH_LABEL = 22, WIDTH_COUNT = 10, WIDTH_TIME = 6, WIDTH_PID = 7, WIDTH_COMM = 15,
       WIDTH_KIND = 7, WIDTH_BAR = 60 };

/* ---- pieces ---- */

static void put_head(struct output *out, const char *label, const char *columns)
{
	put_char(out, '\n');
	put_colour(out, BOLD);
	put_str(out, label);
	put_str(out, columns);
	put_header_end(out);
}

/* In tenths of a percent, rounded down: 100.0% is all of it. */
static void put_share(struct output *out, uint64_t part, uint64_t all)
{
	unsigned int tenths = all ? (unsigned int)((double)part / all * 1000) : 0;

	if (all && part == all)
		tenths = 1000;
	put_dec_right(out, tenths / 10, 4, ' ');
	put_char(out, '.');
	put_dec(out, tenths % 10);
	put_char(out, '%');
}

/* Times are of those whose latency is known; if there is none at all, there is nothing to tell. */
static void put_amount(struct output *out, uint64_t faults, uint64_t time, const struct amount *all)
{
	put_dec_right(out, faults, WIDTH_COUNT, ' ');
	put_share(out, faults, all->faults);
	put_char(out, ' ');
	if (all->time) {
		put_duration(out, time, WIDTH_TIME);
		put_share(out, time, all->time);
	} else {
		put_str(out, "     -      -");
	}
}

static void put_label(struct output *out, const char *label)
{
	size_t mark = put_mark(out);

	put_str(out, label);
	put_fill(out, mark, WIDTH_LABEL);
}

/* ---- causes and page sizes ---- */

static void put_latency(struct output *out, const struct histogram *h)
{
	const uint64_t values[] = {
		h->n ? h->sum / h->n : 0, histogram_percentile(h, 50), histogram_percentile(h, 99), h->max,
	};

	for (unsigned int i = 0; i < sizeof(values) / sizeof(*values); i++) {
		put_char(out, ' ');
		if (h->n)
			put_duration(out, values[i], WIDTH_TIME);
		else
			put_str(out, "     -");
	}
}

static void put_causes(const struct render *render, const struct summary *summary)
{
	struct output *out = render->out;

	put_head(out, "CAUSE                 ", "    FAULTS       %   TIME       %   MEAN    P50    P99    MAX");
	for (unsigned int i = 0; i < CAUSES; i++) {
		if (!summary->by_cause[i])
			continue;
		put_label(out, cause_name(i));
		put_amount(out, summary->by_cause[i], summary->latency[i].sum, &summary->all);
		put_latency(out, &summary->latency[i]);
		put_char(out, '\n');
	}
	put_label(out, "all");
	put_amount(out, summary->all.faults, summary->all.time, &summary->all);
	put_char(out, '\n');
}

static void put_sizes(const struct render *render, const struct summary *summary)
{
	struct output *out = render->out;

	put_head(out, "PAGE SIZE             ", "    FAULTS       %   TIME       %");
	for (unsigned int i = 0; i < SIZE_CLASSES; i++) {
		if (!summary->by_size[i].faults)
			continue;
		put_label(out, size_class_name(i));
		put_amount(out, summary->by_size[i].faults, summary->by_size[i].time, &summary->all);
		put_char(out, '\n');
	}
}

/* ---- histograms ---- */

/* In eighths of a cell where the characters for that are there; what is not nothing, is visible. */
static void put_bar(const struct render *render, uint64_t part, uint64_t most)
{
	static const char *const blocks[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	unsigned int eighths = (unsigned int)((double)part / most * WIDTH_BAR * 8);

	if (part && !eighths)
		eighths = 1;
	if (!render->utf8)
		eighths = (eighths + 7) / 8 * 8;
	for (unsigned int i = 0; i < eighths / 8; i++)
		put_str(render->out, render->utf8 ? "█" : "#");
	put_str(render->out, blocks[eighths % 8]);
}

static void put_bucket(const struct render *render, const struct histogram *h, unsigned int i, uint64_t most)
{
	struct output *out = render->out;

	put_str(out, "  ");
	put_duration(out, histogram_low(i), WIDTH_TIME);
	put_str(out, " -");
	if (i + 1 < BUCKETS)
		put_duration(out, histogram_low(i + 1), WIDTH_TIME + 1);
	else
		put_fill(out, put_mark(out), WIDTH_TIME + 1);
	put_dec_right(out, h->bucket[i], WIDTH_COUNT + 1, ' ');
	if (h->bucket[i])
		put_str(out, " ");
	put_bar(render, h->bucket[i], most);
	put_char(out, '\n');
}

/* From the first bucket that has something to the last one. */
static void put_histogram(const struct render *render, const char *name, const struct histogram *h)
{
	unsigned int first = 0, last = BUCKETS - 1;
	uint64_t most = 0;

	while (!h->bucket[first])
		first++;
	while (!h->bucket[last])
		last--;
	for (unsigned int i = first; i <= last; i++)
		most = h->bucket[i] > most ? h->bucket[i] : most;
	put_head(render->out, "LATENCY of ", name);
	for (unsigned int i = first; i <= last; i++)
		put_bucket(render, h, i, most);
}

static void put_histograms(const struct render *render, const struct summary *summary)
{
	for (unsigned int i = 0; i < CAUSES; i++)
		if (summary->latency[i].n)
			put_histogram(render, cause_name(i), &summary->latency[i]);
}

/* ---- where ---- */

/* Where its name isn't known, its numbers. */
static void put_file(struct output *out, const struct vma *vma, unsigned int room)
{
	char numbers[64];

	snprintf(numbers, sizeof(numbers), "dev %u:%u inode %llu", vma->major, vma->minor,
		 (unsigned long long)vma->inode);
	put_name(out, vma->name ? vma->name : numbers, room);
}

static void put_process(struct output *out, const struct tally_entry *entry)
{
	put_dec_right(out, entry->origin.pid, WIDTH_PID, ' ');
	put_char(out, ' ');
	put_column(out, entry->origin.comm, WIDTH_COMM);
}

static void put_mapping(struct output *out, const struct tally_entry *entry, unsigned int room)
{
	const struct origin *origin = &entry->origin;
	const struct vma *vma = &origin->vma;

	put_process(out, entry);
	if (!origin->has_vma || !vma->end) {
		put_str(out, origin_kind_name(origin));
		return;
	}
	put_column(out, origin_kind_name(origin), WIDTH_KIND);
	room -= WIDTH_PID + 1 + WIDTH_COMM + 1 + WIDTH_KIND + 1;
	if (vma->flags & VMA_FILE || vma->name) {
		put_file(out, vma, room);
		return;
	}
	put_hex(out, vma->start);
	put_char(out, '-');
	put_hex(out, vma->end);
}

static void put_page(struct output *out, const struct tally_entry *entry, unsigned int room)
{
	(void)room;
	put_process(out, entry);
	put_column(out, origin_kind_name(&entry->origin), WIDTH_KIND);
	put_hex(out, entry->key.b);
}

static void put_instruction(struct output *out, const struct tally_entry *entry, unsigned int room)
{
	struct code_place code = entry->origin.code;
	size_t mark = put_mark(out);

	put_process(out, entry);
	put_hex(out, entry->key.b);
	if (code.module && strrchr(code.module, '/'))
		code.module = strrchr(code.module, '/') + 1;
	put_code_within(out, &code, room - (put_mark(out) - mark));
}

static void put_file_only(struct output *out, const struct tally_entry *entry, unsigned int room)
{
	put_file(out, &entry->origin.vma, room);
}

/* How far the counts can be trusted, where not all keys found room. */
static void put_exactness(struct output *out, const struct tally *tally, size_t shown, uint64_t error)
{
	if (tally_keys(tally) > shown) {
		put_str(out, "  the most frequent ");
		put_dec(out, shown);
		put_str(out, tally_is_exact(tally) ? " of " : " of more than ");
		put_dec(out, tally_keys(tally));
		put_char(out, '\n');
	}
	if (!tally_is_exact(tally)) {
		put_str(out, "  approximate: each is too high by at most ");
		put_dec(out, error);
		put_str(out, ", its time may be too low\n");
	}
}

static void put_top(const struct render *render, const struct summary *summary, const struct tally *tally,
		    const char *head, void (*put)(struct output *out, const struct tally_entry *entry, unsigned int room))
{
	const struct tally_entry *top[REPORT_TOP];
	size_t n = tally_top(tally, top, REPORT_TOP);
	struct output *out = render->out;
	uint64_t error = 0;

	if (!n)
		return;
	put_head(out, "    FAULTS       %   TIME       % ", head);
	for (size_t i = 0; i < n; i++) {
		size_t mark = put_mark(out);

		put_amount(out, top[i]->count, top[i]->time, &summary->all);
		put_char(out, ' ');
		put(out, top[i], WIDTH - (put_mark(out) - mark));
		put_char(out, '\n');
		error = top[i]->error > error ? top[i]->error : error;
	}
	put_exactness(out, tally, n, error);
}

static void put_places(const struct render *render, const struct summary *summary)
{
	put_top(render, summary, summary->mappings, "    PID COMM            KIND    MAPPING", put_mapping);
	put_top(render, summary, summary->addresses, "    PID COMM            KIND    PAGE", put_page);
	put_top(render, summary, summary->instructions, "    PID COMM            INSTRUCTION", put_instruction);
	put_top(render, summary, summary->files, "FILE", put_file_only);
}

/* ---- avoidable ---- */

static void put_ways(const struct render *render, const struct summary *summary)
{
	static const struct { const char *name, *what; } ways[AVOID_WAYS] = {
		[AVOID_POPULATE] = { "MADV_POPULATE_WRITE", "first touches of neighbouring pages" },
		[AVOID_HUGE_PAGE] = { "huge pages", "first touches of whole 2M areas" },
		[AVOID_WRITE_FIRST] = { "a write before reads", "zero page, then a copy of it" },
		[AVOID_MLOCK] = { "mlock()", "swapped in, or read again" },
		[AVOID_POPULATE_FILE] = { "MAP_POPULATE", "neighbouring parts of a file in the cache" },
	};
	struct output *out = render->out;

	for (unsigned int i = 0; i < AVOID_WAYS; i++) {
		const struct amount *amount = avoidable_amount(summary->avoidable, i);

		if (!amount->faults)
			continue;
		put_label(out, ways[i].name);
		put_amount(out, amount->faults, amount->time, &summary->all);
		put_str(out, "  ");
		put_str(out, ways[i].what);
		put_char(out, '\n');
	}
}

static bool is_any_avoidable(const struct summary *summary)
{
	for (unsigned int i = 0; i < AVOID_WAYS; i++)
		if (avoidable_amount(summary->avoidable, i)->faults)
			return true;
	return false;
}

static void put_avoidable(const struct render *render, const struct summary *summary)
{
	struct output *out = render->out;
	uint64_t let_go = avoidable_let_go(summary->avoidable);

	if (render->one_in > 1) {
		put_str(out, "\nAVOIDABLE faults are not told of a sample: which faults are neighbours is not seen in it\n");
		return;
	}
	put_head(out, "AVOIDABLE by          ", "    FAULTS       %   TIME       %  (each by itself)");
	if (is_any_avoidable(summary))
		put_ways(render, summary);
	else
		put_str(out, "none that is certain\n");
	if (!let_go)
		return;
	put_str(out, "  may be too low: ");
	put_dec(out, let_go);
	put_str(out, " areas of 2M were counted before their end, for want of room\n");
}

/* ---- all of it ---- */

static void put_totals(const struct render *render, const struct totals *totals)
{
	struct output *out = render->out;
	bool is_walked = false;

	if (render->one_in > 1) {
		put_str(out, "SAMPLE of one in ");
		put_dec(out, render->one_in);
		put_str(out, " faults, by chance: the tables are of the sample\n");
	}
	put_dec(out, totals->seen);
	put_str(out, " faults seen = ");
	put_dec(out, totals->printed);
	put_str(out, " counted + ");
	put_dec(out, totals->filtered);
	put_str(out, " filtered + ");
	put_dec(out, totals->lost);
	put_str(out, " lost\n");
	for (unsigned int i = 0; i < WALK_STATUSES; i++)
		is_walked |= totals->walks[i];
	if (!is_walked)
		return;
	put_str(out, "walks by ");
	put_str(out, render->walker);
	for (unsigned int i = 0; i < WALK_STATUSES; i++) {
		put_str(out, i ? ", " : ": ");
		put_dec(out, totals->walks[i]);
		put_char(out, ' ');
		put_str(out, walk_status_name(i));
	}
	put_char(out, '\n');
}

void text_report(const struct render *render, const struct totals *totals, const struct summary *summary)
{
	put_totals(render, totals);
	if (!summary->all.faults)
		return;
	put_causes(render, summary);
	put_sizes(render, summary);
	put_avoidable(render, summary);
	put_places(render, summary);
	put_histograms(render, summary);
}
