// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A fault for people as a line, within 100 characters. */
#include <string.h>

#include "cause.h"
#include "known_text.h"
#include "render_change.h"
#include "render_levels.h"
#include "render_origin.h"
#include "render_text.h"
#include "slow.h"
#include "text.h"

/* Widths of columns. Together they take all 100, and have no room to spare. */
enum { WIDTH_TIME = 8, WIDTH_ACCESS = 2, WIDTH_SIZE = 2, WIDTH_LATENCY = 5, WIDTH_CAUSE = 11 };

/* Of what is found, and of what stands behind it; see store.h. */
enum { FOUND_ROOM = 3 * STORE_NUMBER, END_ROOM = 3 * STORE_NUMBER + CHANGE_ROOM };

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
static char *store_time_column(char *at, uint64_t ns)
{
	uint64_t us = ns / 1000, seconds = us / 1000000;
	char *end = store_dec(at, seconds);

	if (end - at < WIDTH_TIME - 1) {
		*end = '.';
		store_dec8(end + 1, us % 1000000 * 100);	/* six digits, of which some are written over */
		end = at + WIDTH_TIME;
	} else if (end - at == WIDTH_TIME - 1) {
		end = store_dec(store_str(at, " "), seconds);
	}
	return store_str(end, " ");
}

static const char *access_column(const struct fault *fault)
{
	static const char columns[2][ACCESSES][WIDTH_ACCESS + 2] = { { "ur ", "uw ", "ux " }, { "kr ", "kw ", "kx " } };

	return columns[fault->kernel_mode][fault_access(fault)];
}

/* The name is cut to what the number leaves of the column. */
static SLOW void put_thread_anew(const struct render *render, const struct fault *fault, struct known_text *known,
				 struct text_key key)
{
	unsigned int width = width_thread(render), digits = dec_digits(fault->tid);
	struct output *out = render->out;
	size_t mark = put_mark(out);
	char comm[COMM_LEN];

	memcpy(comm, fault->comm, COMM_LEN);
	comm[digits < width ? width - 1 - digits : 0] = '\0';
	put_safe(out, comm);
	put_char(out, '/');
	put_dec(out, fault->tid);
	put_fill(out, mark, width);
	put_char(out, ' ');
	learn_text(out, known, key, mark);
}

static void put_thread(const struct render *render, const struct fault *fault)
{
	static struct known_texts threads;
	struct text_key key = { .a = (uint64_t)width_thread(render) << 32 | fault->tid };
	struct known_text *known;

	_Static_assert(COMM_LEN == sizeof(key.b) + sizeof(key.c), "two words hold it");
	memcpy(&key.b, fault->comm, sizeof(key.b));
	memcpy(&key.c, fault->comm + sizeof(key.b), sizeof(key.c));
	known = known_slot(&threads, key);
	if (!put_known(render->out, known, key))
		put_thread_anew(render, fault, known, key);
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

/* The columns PG and PHYSICAL. */
static char *store_page(char *at, const struct render *render, const struct path *path, uint64_t addr)
{
	char *begin = at;

	at = store_padded(at, page_size_name(path_page_size(render->geometry, path)));
	at = store_blanks(at, begin + WIDTH_SIZE + 1 - at);
	return store_hex(at, path_phys(render->geometry, path, addr));
}

/* From the address to the page, of what is plainly mapped. */
static char *store_mapped(char *at, const struct render *render, const struct path *path, uint64_t addr)
{
	char *begin = at;

	at = store_hex(at, addr);
	at = store_str(store_blanks(at, begin + WIDTH_ADDR - at), " ");
	at = store_indices(at, render, path, addr);
	return store_page(at, render, path, addr);
}

/* What is there instead of a page; or it is one, but not plainly. */
static void put_state(const struct render *render, const struct path *path, uint64_t addr)
{
	struct output *out = render->out;

	if (path_has_page(path)) {
		output_put_to(out, store_page(output_room(out, 2 * STORE_NUMBER), render, path, addr));
		put_char(out, ' ');
	}
	put_colour(out, YELLOW);
	put_no_page(render, path);
	put_colour(out, PLAIN);
}

static void put_not_mapped(const struct render *render, const struct fault *fault, const struct path *after)
{
	struct output *out = render->out;

	put_column_hex(out, fault->addr, WIDTH_ADDR);
	if (after) {
		put_indices(render, after, fault->addr);
		put_state(render, after, fault->addr);
		return;
	}
	put_column(out, "-", width_path(render));
	put_colour(out, DIM);
	put_str(out, text_no_path(fault));
	put_colour(out, PLAIN);
}

/* Returns the width that it has. */
static unsigned int put_found(const struct render *render, const struct fault *fault)
{
	const struct path *after = fault_after(fault);
	struct output *out = render->out;
	size_t mark = put_mark(out);

	if (after && after->state == STATE_MAPPED)
		output_put_to(out, store_mapped(output_room(out, FOUND_ROOM), render, after, fault->addr));
	else
		put_not_mapped(render, fault, after);
	return put_mark(out) - mark;
}

/* How long it took, why it was, and what it did, as far as that is known. So much of the line's width is used. */
static char *store_end(char *at, const struct render *render, const struct fault *fault, unsigned int used)
{
	unsigned int width = width_found(render);
	const char *begin = at;

	at = store_str(store_blanks(at, (int)(width - used)), " ");
	at = fault->has_latency ? store_duration(at, fault->latency, WIDTH_LATENCY) : store_str(at, "    -");
	at = store_padded(store_str(at, " "), cause_name(fault->cause.word));
	if (!fault->has_before || !fault->has_left || fault->result >= RESULT_SEGV)
		return at;
	/* A wide address or cause takes the room of narrow columns behind it. */
	used += at - begin;
	at = store_str(store_blanks(at, (int)(width + 1 + WIDTH_LATENCY + 1 + WIDTH_CAUSE - used)), " ");
	return store_change(at, render, fault);
}

void text_fault(const struct render *render, const struct fault *fault)
{
	struct output *out = render->out;
	unsigned int used;
	char *at;

	output_put_to(out, store_time_column(output_room(out, 2 * STORE_NUMBER), text_time(render, fault)));
	put_thread(render, fault);
	put_mem(out, access_column(fault), WIDTH_ACCESS + 1);
	used = put_found(render, fault);
	at = store_end(output_room(out, END_ROOM), render, fault, used);
	output_put_to(out, store_str(at, "\n"));
	if (fault->stack_end != STACK_NOT_TAKEN)
		put_stack(out, fault);
}
