// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What text for people has beside the line of a fault: with -v a block of each, and their sums. */
#include <string.h>

#include "cause.h"
#include "render_change.h"
#include "render_levels.h"
#include "render_origin.h"
#include "render_text.h"
#include "text.h"

#define WIDTH_LINE 100

void text_sample(const struct render *render)
{
	if (render->one_in <= 1)
		return;
	put_str(render->out, "SAMPLE of one in ");
	put_dec(render->out, render->one_in);
	put_str(render->out, " faults, by chance\n");
}

/* The faults that are missing at this place. */
void text_lost(const struct render *render, uint64_t n)
{
	put_colour(render->out, YELLOW);
	put_str(render->out, "LOST ");
	put_dec(render->out, n);
	put_str(render->out, n == 1 ? " fault" : " faults");
	put_colour(render->out, PLAIN);
	put_char(render->out, '\n');
}

/* ---- a block ---- */

/* Behind the phrases before it, or on a new line. */
static void put_phrase(struct output *out, const char *phrase, size_t *line)
{
	if (put_mark(out) - *line + strlen(phrase) + strlen(" ,") > WIDTH_LINE) {
		put_char(out, '\n');
		*line = put_mark(out);
		put_str(out, "   ");
	}
	put_char(out, ' ');
	put_str(out, phrase);
}

static void put_cause(struct output *out, const struct cause *cause)
{
	size_t line = put_mark(out);
	bool first = true;

	put_str(out, "  cause ");
	put_str(out, cause_name(cause->word));
	for (unsigned int i = 0; i < FACTS; i++) {
		if (!cause_has(cause, i))
			continue;
		put_char(out, first ? ':' : ',');
		put_phrase(out, fact_phrase(i), &line);
		first = false;
	}
	put_char(out, '\n');
}

static void put_result(struct output *out, const struct fault *fault)
{
	const char *result = fault_result_name(fault->result);

	if (!result && !fault->has_latency)
		return;
	put_str(out, "  ");
	put_str(out, result ? result : "ended");
	if (fault->signal_code > 0) {
		put_str(out, ", code ");
		put_dec(out, fault->signal_code);
	}
	if (fault->has_latency) {
		put_str(out, ", ");
		put_dec(out, fault->latency);
		put_str(out, " ns");
	}
	put_char(out, '\n');
}

/* Where it differs from what the fault left, the walker's answer stands by itself. */
static void put_walker_found(const struct render *render, const struct fault *fault)
{
	struct output *out = render->out;

	put_str(out, "  ");
	put_str(out, render->walker);
	put_str(out, " found, ");
	put_duration(out, fault->age, 0);
	put_str(out, " after it began:\n");
	put_block(render, &fault->after, fault->addr, NULL);
}

static void put_paths(const struct render *render, const struct fault *fault)
{
	const struct path *after = fault_after(fault);
	struct output *out = render->out;

	if (fault->has_before && fault->has_left)
		put_change_block(render, fault);
	else if (after)
		put_block(render, after, fault->addr, NULL);
	if (fault->walk_status == WALK_STALE)
		put_walker_found(render, fault);
	else if (after && fault->has_before && fault->has_left)
		put_block_end(render, after, fault->addr, NULL);
	if (!after) {
		put_str(out, "  ");
		put_str(out, text_no_path(fault));
		put_char(out, '\n');
	} else if (fault->walk_status == WALK_GONE) {
		put_str(out, "  gone since\n");
	}
}

void verbose_fault(const struct render *render, const struct fault *fault)
{
	static const char *const access[] = { "read", "write", "execute" };
	uint64_t time = text_time(render, fault);
	struct output *out = render->out;

	put_colour(out, BOLD);
	put_dec(out, time / 1000000000);
	put_char(out, '.');
	put_dec_right(out, time / 1000 % 1000000, 6, '0');
	put_str(out, "  PID ");
	put_dec(out, fault->pid);
	put_str(out, "  TID ");
	put_dec(out, fault->tid);
	put_str(out, "  ");
	put_safe(out, fault->comm);
	put_str(out, fault->kernel_mode ? "  kernel " : "  user ");
	put_str(out, access[fault_access(fault)]);
	put_str(out, "  ");
	put_hex(out, fault->addr);
	put_colour(out, PLAIN);
	put_str(out, "  ip ");
	put_hex(out, fault->ip);
	put_str(out, "  cpu ");
	put_dec(out, fault->cpu);
	put_str(out, "  error ");
	put_hex(out, fault->error_code);
	put_char(out, '\n');
	put_cause(out, &fault->cause);
	put_origin(out, fault);
	put_result(out, fault);
	put_paths(render, fault);
}

/* ---- the sums ---- */

/* Those that there were. */
static void put_causes(struct output *out, const struct totals *totals)
{
	const char *separator = "pfwatch: causes: ";

	for (unsigned int i = 0; i < CAUSES; i++) {
		if (!totals->causes[i])
			continue;
		put_str(out, separator);
		put_dec(out, totals->causes[i]);
		put_char(out, ' ');
		put_str(out, cause_name(i));
		separator = ", ";
	}
	put_str(out, totals->printed ? "\n" : "");
}

static void put_sums(struct output *out, uint64_t seen, uint64_t printed, uint64_t filtered, uint64_t lost)
{
	put_dec(out, seen);
	put_str(out, " faults seen = ");
	put_dec(out, printed);
	put_str(out, " printed + ");
	put_dec(out, filtered);
	put_str(out, " filtered + ");
	put_dec(out, lost);
	put_str(out, " lost\n");
}

/* Behind them, those of each CPU that had any. */
void verbose_summary(const struct render *render, const struct totals *totals)
{
	struct output *out = render->out;

	text_summary(render, totals);
	for (uint32_t i = 0; i < totals->cpus; i++) {
		const struct cpu_totals *cpu = &totals->cpu[i];

		if (!cpu->seen)
			continue;
		put_str(out, "pfwatch: CPU ");
		put_dec(out, i);
		put_str(out, ": ");
		put_sums(out, cpu->seen, cpu->printed, cpu->filtered, cpu->lost);
	}
}

void text_summary(const struct render *render, const struct totals *totals)
{
	struct output *out = render->out;
	unsigned int i;

	if (render->one_in > 1)
		put_str(out, "pfwatch: ");
	text_sample(render);
	put_str(out, "pfwatch: ");
	put_sums(out, totals->seen, totals->printed, totals->filtered, totals->lost);
	put_str(out, "pfwatch: walks by ");
	put_str(out, render->walker);
	put_char(out, ':');
	for (i = 0; i < WALK_STATUSES; i++) {
		put_str(out, i ? ", " : " ");
		put_dec(out, totals->walks[i]);
		put_char(out, ' ');
		put_str(out, walk_status_name(i));
	}
	put_char(out, '\n');
	put_causes(out, totals);
}
