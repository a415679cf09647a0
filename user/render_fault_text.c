// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Faults for people: a line each, within 100 characters, or with -v a block; and their sums. */
#include <string.h>

#include "cause.h"
#include "render_change.h"
#include "render_levels.h"
#include "render_origin.h"
#include "render_text.h"
#include "text.h"

/* Widths of columns. Together they take all 100, and have no room to spare. */
enum { WIDTH_LINE = 100, WIDTH_TIME = 8, WIDTH_ACCESS = 2, WIDTH_SIZE = 2, WIDTH_LATENCY = 5, WIDTH_CAUSE = 11 };

static uint64_t time_of(const struct render *render, const struct fault *fault)
{
	return fault->ts > render->start ? fault->ts - render->start : 0;
}

static const char *access_letters(const struct fault *fault)
{
	static const char *const names[2][3] = {
		{ "ur", "uw", "ux" }, { "kr", "kw", "kx" },
	};

	return names[fault->kernel_mode][fault_access(fault)];
}

static const char *why_no_path(const struct fault *fault)
{
	return fault->walk_status == WALK_GONE ? "gone" : "failed";
}

void text_sample(const struct render *render)
{
	if (render->one_in <= 1)
		return;
	put_str(render->out, "SAMPLE of one in ");
	put_dec(render->out, render->one_in);
	put_str(render->out, " faults, by chance\n");
}

/* ---- a line ---- */

/* From where the address begins to the end of what was found. */
static unsigned int width_found(const struct render *render)
{
	return WIDTH_ADDR + 1 + width_path(render) + 1 + WIDTH_SIZE + 1 + WIDTH_PHYS;
}

/* A fifth level takes its room from here. */
static unsigned int width_thread(const struct render *render)
{
	return render->geometry->levels == 5 ? 9 : 13;
}

void text_fault_header(const struct render *render)
{
	struct output *out = render->out;

	text_sample(render);
	put_colour(out, BOLD);
	put_right(out, "TIME", WIDTH_TIME);
	put_char(out, ' ');
	put_column(out, "COMM/TID", width_thread(render));
	put_column(out, "AC", WIDTH_ACCESS);
	put_path_header(render);
	put_column(out, "PG", WIDTH_SIZE);
	put_str(out, "PHYSICAL");
	put_right(out, "LATENCY", WIDTH_PHYS - strlen("PHYSICAL") + 1 + WIDTH_LATENCY);
	put_char(out, ' ');
	put_column(out, "CAUSE", WIDTH_CAUSE);
	put_str(out, "CHANGE");
	put_header_end(out);
}

/* Seconds, with as many decimals as find room: microseconds for the first ten. */
static void put_time_column(struct output *out, uint64_t ns)
{
	uint64_t seconds = ns / 1000000000, fraction = ns / 1000 % 1000000;
	unsigned int decimals = 6;

	for (uint64_t limit = 10; decimals && seconds >= limit; limit *= 10) {
		fraction /= 10;
		decimals--;
	}
	put_dec_right(out, seconds, decimals ? WIDTH_TIME - 1 - decimals : WIDTH_TIME, ' ');
	if (decimals) {
		put_char(out, '.');
		put_dec_right(out, fraction, decimals, '0');
	}
	put_char(out, ' ');
}

/* The name is cut to what the number leaves of the column. */
static void put_thread(const struct render *render, const struct fault *fault)
{
	unsigned int width = width_thread(render), digits = 1;
	struct output *out = render->out;
	size_t mark = put_mark(out);
	char comm[COMM_LEN];

	for (uint32_t rest = fault->tid; rest >= 10; rest /= 10)
		digits++;
	memcpy(comm, fault->comm, COMM_LEN);
	comm[digits < width ? width - 1 - digits : 0] = '\0';
	put_safe(out, comm);
	put_char(out, '/');
	put_dec(out, fault->tid);
	put_fill(out, mark, width);
	put_char(out, ' ');
}

/* What there is instead of a page; a block has more words for it. */
static void put_no_page(const struct render *render, const struct path *path)
{
	struct output *out = render->out;

	switch (path->state) {
	case STATE_NONE:
		put_str(out, path->levels ? "none at " : "none");
		if (path->levels)
			put_str(out, level_name(path_level(render->geometry, path->levels - 1)));
		break;
	case STATE_SWAP:
		put_str(out, "swap ");
		put_dec(out, path->swap_type);
		put_char(out, ':');
		put_dec(out, path->value);
		break;
	case STATE_MARKER:
		put_markers(out, path);
		break;
	case STATE_UNKNOWN:
		put_str(out, path->changed ? "changed" : "unknown");
		break;
	default:
		put_str(out, state_name(path->state));
	}
}

static void put_fault_page(const struct render *render, const struct path *path, uint64_t addr)
{
	struct output *out = render->out;

	if (path_has_page(path)) {
		put_column(out, page_size_name(path_page_size(render->geometry, path)), WIDTH_SIZE);
		put_hex(out, path_phys(render->geometry, path, addr));
		if (path->state == STATE_MAPPED)
			return;
		put_char(out, ' ');
	}
	put_colour(out, YELLOW);
	put_no_page(render, path);
	put_colour(out, PLAIN);
}

static void put_found(const struct render *render, const struct fault *fault)
{
	const struct path *after = fault_after(fault);
	struct output *out = render->out;

	put_column_hex(out, fault->addr, WIDTH_ADDR);
	if (after) {
		put_indices(render, after, fault->addr);
		put_fault_page(render, after, fault->addr);
		return;
	}
	put_column(out, "-", width_path(render));
	put_colour(out, DIM);
	put_str(out, why_no_path(fault));
	put_colour(out, PLAIN);
}

/* How long it took, why it was, and what it did, as far as that is known. */
static void put_end_columns(const struct render *render, const struct fault *fault, size_t mark)
{
	unsigned int width = width_found(render);
	struct output *out = render->out;

	put_fill(out, mark, width);
	put_char(out, ' ');
	if (fault->has_latency)
		put_duration(out, fault->latency, WIDTH_LATENCY);
	else
		put_right(out, "-", WIDTH_LATENCY);
	put_char(out, ' ');
	put_str(out, cause_name(fault->cause.word));
	if (!fault->has_before || !fault->has_left || fault->result >= RESULT_SEGV)
		return;
	/* A wide address or cause takes the room of narrow columns behind it. */
	put_fill(out, mark, width + 1 + WIDTH_LATENCY + 1 + WIDTH_CAUSE);
	put_char(out, ' ');
	put_change(render, fault);
}

void text_fault(const struct render *render, const struct fault *fault)
{
	struct output *out = render->out;
	size_t mark;

	put_time_column(out, time_of(render, fault));
	put_thread(render, fault);
	put_column(out, access_letters(fault), WIDTH_ACCESS);
	mark = put_mark(out);
	put_found(render, fault);
	put_end_columns(render, fault, mark);
	put_char(out, '\n');
	put_stack(out, fault);
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
		put_str(out, why_no_path(fault));
		put_char(out, '\n');
	} else if (fault->walk_status == WALK_GONE) {
		put_str(out, "  gone since\n");
	}
}

void verbose_fault(const struct render *render, const struct fault *fault)
{
	static const char *const access[] = { "read", "write", "execute" };
	uint64_t time = time_of(render, fault);
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
