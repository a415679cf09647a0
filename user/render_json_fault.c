// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Most of a line is the same as in others: such parts are kept as text, each known by all that decides about it. What
 * is new in each fault stands between them.
 */
#include "render_json_fault.h"

#include "cause.h"
#include "json.h"
#include "known_text.h"
#include "render_json_origin.h"
#include "render_json_path.h"
#include "slow.h"

void put_json_sample(const struct render *render)
{
	if (render->one_in > 1)
		put_key_dec(render->out, "sample", render->one_in);
}

/* ---- whose it was ---- */

static SLOW void put_thread_anew(struct output *out, const struct fault *fault, struct known_text *known,
				 struct text_key key)
{
	size_t mark = put_mark(out);

	put_key_dec(out, "pid", fault->pid);
	put_key_dec(out, "tid", fault->tid);
	put_key_str(out, "comm", fault->comm);
	learn_text(out, known, key, mark);
}

static void put_thread(struct output *out, const struct fault *fault)
{
	static struct known_texts threads;
	struct text_key key = { .a = (uint64_t)fault->pid << 32 | fault->tid };
	struct known_text *known;

	_Static_assert(COMM_LEN == sizeof(key.b) + sizeof(key.c), "two words hold it");
	memcpy(&key.b, fault->comm, sizeof(key.b));
	memcpy(&key.c, fault->comm + sizeof(key.b), sizeof(key.c));
	known = known_slot(&threads, key);
	if (!put_known(out, known, key))
		put_thread_anew(out, fault, known, key);
}

static void put_begin(struct output *out, const struct fault *fault)
{
	char *at = output_room(out, 4 * STORE_NUMBER);

	at = store_str(at, "{\"type\":\"fault\",\"ts\":");
	at = store_dec(at, fault->ts);
	at = store_str(at, ",\"cpu\":");
	output_put_to(out, store_dec(at, fault->cpu));
	put_thread(out, fault);
	at = output_room(out, 2 * STORE_NUMBER);
	at = store_str(at, ",\"addr\":\"");
	output_put_to(out, store_hex(at, fault->addr));
}

/* ---- what it was ---- */

/* The word, and the facts that it was concluded from. */
static void put_cause_anew(struct output *out, const struct cause *cause)
{
	const char *facts[FACTS];
	size_t n = 0;

	for (unsigned int i = 0; i < FACTS; i++)
		if (cause_has(cause, i))
			facts[n++] = fact_name(i);
	put_key_str(out, "cause", cause_name(cause->word));
	put_key(out, "evidence");
	put_json_words(out, facts, n);
}

/* Of these there are few. */
static void put_cause(struct output *out, const struct cause *cause)
{
	static struct known_texts causes;
	const struct text_key key = { .a = cause->facts, .b = cause->word };
	struct known_text *known = known_slot(&causes, key);
	size_t mark = put_mark(out);

	if (put_known(out, known, key))
		return;
	put_cause_anew(out, cause);
	learn_text(out, known, key, mark);
}

static SLOW void put_what_anew(const struct render *render, const struct fault *fault)
{
	const char *result = fault_result_name(fault->result);
	struct output *out = render->out;

	put_str(out, "\",\"ip\":\"");
	put_hex(out, fault->ip);
	put_char(out, '"');
	put_json_code(out, &fault->code);
	put_key_str(out, "access", access_name(fault_access(fault)));
	put_str(out, fault->kernel_mode ? ",\"mode\":\"kernel\"" : ",\"mode\":\"user\"");
	put_key_dec(out, "error_code", fault->error_code);
	put_json_sample(render);
	put_cause(out, &fault->cause);
	put_json_origin(out, fault);
	if (result)
		put_key_str(out, "result", result);
	if (fault->has_latency)
		put_key(out, "latency_ns");
}

/* What put_what_anew() puts, of a fault whose origin is known: that has the instruction and the mapping. */
static struct text_key key_of_what(const struct render *render, const struct fault *fault)
{
	return (struct text_key){
		.a = fault->origin, .b = fault->cause.facts, .c = (uint64_t)render->one_in << 32 | fault->error_code,
		.d = (uint64_t)(fault->has_cpu_node ? fault->cpu_node : 0) << 48 |
		(uint64_t)(fault->has_page_node ? fault->page_node : 0) << 32 |
		fault->cause.word << 16 | fault->result << 8 | fault->kernel_mode << 3 | fault->has_latency << 2 |
		fault->has_cpu_node << 1 | fault->has_page_node,
	};
}

static SLOW void learn_what(const struct render *render, const struct fault *fault, struct known_text *known,
			    struct text_key key)
{
	size_t mark = put_mark(render->out);

	put_what_anew(render, fault);
	learn_text(render->out, known, key, mark);
}

/* From the address to the latency. */
static void put_what(const struct render *render, const struct fault *fault)
{
	static struct known_texts texts;
	const struct text_key key = key_of_what(render, fault);
	struct known_text *known = known_slot(&texts, key);
	bool may_be_known = fault->origin && fault->stack_end == STACK_NOT_TAKEN;

	if (!may_be_known)
		put_what_anew(render, fault);
	else if (!put_known(render->out, known, key))
		learn_what(render, fault, known, key);
}

/* ---- its paths, as far as they are known ---- */

static void put_paths(const struct render *render, const struct fault *fault)
{
	const struct path *after = fault_after(fault);
	struct output *out = render->out;

	if (fault->has_before) {
		put_str(out, ",\"before\":{");
		put_json_levels(render, &fault->before, fault->addr);
		put_char(out, '}');
	}
	if (after) {
		put_str(out, ",\"after\":{");
		put_json_path(render, after, fault->addr, NULL);
		put_char(out, '}');
	}
}

/* And the end of the line. */
static void put_walk(const struct render *render, const struct fault *fault)
{
	struct output *out = render->out;
	char *at;

	put_str(out, ",\"walk\":{\"walker\":\"");
	put_str(out, render->walker);
	at = output_room(out, 4 * STORE_NUMBER);
	at = store_str(at, "\",\"age_ns\":");
	at = store_dec(at, fault->age);
	at = store_str(at, ",\"status\":\"");
	at = store_word(at, walk_status_name(fault->walk_status));
	output_put_to(out, store_str(at, "\"}}\n"));
}

void json_fault(const struct render *render, const struct fault *fault)
{
	put_begin(render->out, fault);
	put_what(render, fault);
	if (fault->has_latency)
		put_dec(render->out, fault->latency);
	put_paths(render, fault);
	put_walk(render, fault);
}
