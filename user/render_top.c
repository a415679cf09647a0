// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Within 100 columns. All numbers are rates: faults a second; TIME% is of one processor's time. */
#include "render_top.h"
#include "text.h"

enum { WIDTH_PID = 7, WIDTH_COMM = 15, WIDTH_RATE = 8, WIDTH_TIME = 6, WIDTH_GROUP = 6 };

/* What has no room with a blank before it is told in thousands. */
static void put_large(struct output *out, uint64_t rate, unsigned int width)
{
	uint64_t limit = 1;

	for (unsigned int i = 1; i < width; i++)
		limit *= 10;
	if (rate < limit) {
		put_dec_right(out, rate, width, ' ');
	} else {
		put_dec_right(out, rate / 1000, width - 1, ' ');
		put_char(out, 'k');
	}
}

/* A rate that is not 0 doesn't look like it: below ten it has a tenth, and at least that. */
static void put_rate(struct output *out, uint64_t n, uint64_t ns, unsigned int width)
{
	double rate = n * 1e9 / ns;
	uint64_t tenths = rate * 10 + 0.5;

	if (!n) {
		put_fill(out, put_mark(out), width - 1);
		put_char(out, '-');
	} else if (tenths >= 100) {
		put_large(out, rate + 0.5, width);
	} else {
		tenths = tenths ? tenths : 1;
		put_dec_right(out, tenths / 10, width - 2, ' ');
		put_char(out, '.');
		put_dec(out, tenths % 10);
	}
}

static void put_percent(struct output *out, uint64_t part, uint64_t all)
{
	uint64_t tenths = (double)part / all * 1000;

	put_dec_right(out, tenths / 10, WIDTH_TIME - 2, ' ');
	put_char(out, '.');
	put_dec(out, tenths % 10);
}

static void put_values(struct output *out, const struct top_row *row, uint64_t ns)
{
	put_rate(out, row->faults, ns, WIDTH_RATE);
	put_rate(out, row->major, ns, WIDTH_RATE);
	put_char(out, ' ');
	if (row->timed)
		put_duration(out, row->time / row->timed, WIDTH_TIME);
	else
		put_str(out, "     -");
	put_percent(out, row->time, ns);
	for (unsigned int i = 0; i < GROUPS; i++)
		put_rate(out, row->groups[i], ns, WIDTH_GROUP);
}

static void put_row(struct output *out, const struct top_row *row, const struct top_frame *frame)
{
	put_dec_right(out, row->pid, WIDTH_PID, ' ');
	put_char(out, ' ');
	put_column(out, row->comm, WIDTH_COMM);
	put_values(out, row, frame->ns);
	put_str(out, frame->line_end);
}

static void put_head(struct output *out, const struct top_frame *frame)
{
	put_str(out, "pfwatch top: ");
	put_dec(out, frame->processes);
	put_str(out, frame->processes == 1 ? " process faulted in " : " processes faulted in ");
	put_duration(out, frame->ns, 0);
	put_str(out, ", sorted by ");
	put_str(out, top_sort_name(frame->sort));
	put_str(out, "; ");
	put_dec(out, frame->seen);
	put_str(out, " seen");
	if (frame->lost) {
		put_colour(out, YELLOW);
		put_str(out, ", ");
		put_dec(out, frame->lost);
		put_str(out, " lost");
		put_colour(out, PLAIN);
	}
	put_str(out, frame->line_end);
}

void render_top(struct output *out, const struct top_frame *frame)
{
	put_head(out, frame);
	put_colour(out, BOLD);
	put_str(out, "    PID COMM             FAULT/s MAJOR/s   MEAN TIME%   NEW   COW  FILE SHMEM  SWAP   BAD OTHER");
	put_colour(out, PLAIN);
	put_str(out, frame->line_end);
	put_column(out, "    all", WIDTH_PID);
	put_column(out, "", WIDTH_COMM);
	put_values(out, frame->sum, frame->ns);
	put_str(out, frame->line_end);
	for (size_t i = 0; i < frame->n; i++)
		put_row(out, frame->rows[i], frame);
}
