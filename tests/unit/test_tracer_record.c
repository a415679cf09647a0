// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A record comes to the same fault, whatever records there were before. */
#include <errno.h>

#include "fixture.h"
#include "pick.h"
#include "tracer_record.h"

#define EVENTS		200000
#define BASE		0x7f0000200000ULL
#define HIGH		0xffff888000001000ULL
#define ADDRESS_MASK	0xffffffffff000ULL

/* Tables, and what may be at the end: nothing, pages, a page for nobody, a swap entry, one of no sense. */
static const uint64_t tables[] = { TABLE_FLAGS, TABLE_FLAGS, TABLE_FLAGS, TABLE_FLAGS | NX, PAGE_RO };
static const uint64_t leaves[] = {
	0, 0x5000 | PAGE_RW | NX, 0x6000 | PAGE_RW | NX, 0x6000 | PAGE_RO, 0x8000000000000120, 0x3ffffffffe00, 0x7000,
	0x1000000000000 | PAGE_RW,
};

static unsigned int make_path(__u64 entry[EVENT_LEVELS], unsigned int levels)
{
	unsigned int n = pick() % 4 ? levels : pick() % (levels + 2);

	for (unsigned int i = 0; i < EVENT_LEVELS; i++)
		entry[i] = (pick() % 4 + 1) << 12 | PICK(tables);
	if (n && n <= levels)
		entry[n - 1] = PICK(leaves);
	return n;
}

static struct event make_event(unsigned int levels)
{
	static const uint64_t addrs[] = { BASE, BASE + 0x1000, BASE + 0x40000000, HIGH, 0x8000000000000000 };
	static const int32_t stacks[] = { NO_STACK, 0, 5, -EFAULT, -EEXIST, -ENOMEM };
	static const uint32_t flags[] = { 0x100073, 0x100071, 0x400000fb };
	struct event event = {
		.ts = pick(), .addr = PICK(addrs), .latency = pick(), .ip = 0x401000 + pick() % 2, .space = pick() % 2 + 1,
		.pid = pick() % 2 + 1, .tid = pick() % 3 + 1, .error_code = 4 + pick() % 4, .said = pick() % 2 * 0x400,
		.cpu = pick() % 2, .kernel_mode = !(pick() % 8), .has = pick() % 32, .result = pick() % 7,
		.grew = !(pick() % 8), .stack = PICK(stacks), .comm = "first_touch",
		.vma = { .start = BASE, .end = BASE + 0x40000000, .flags = PICK(flags), .is = pick() % 16, .inode = 7 },
	};

	event.before_levels = make_path(event.before, levels);
	event.left_levels = make_path(event.left, levels);
	event.comm[pick() % 8 + 5] = pick() % 2 ? 0 : 'x';
	return event;
}

/* One thing is as it is of another event. */
static void change(struct event *event, const struct event *other)
{
	switch (pick() % 20) {
	case 0: event->ts = other->ts; event->addr = other->addr; break;
	case 1: event->latency = other->latency; break;
	case 2: memcpy(event->before, other->before, sizeof(event->before)); break;
	case 3: memcpy(event->left, other->left, sizeof(event->left)); break;
	case 4: event->before_levels = other->before_levels; break;
	case 5: event->left_levels = other->left_levels; break;
	case 6: event->ip = other->ip; break;
	case 7: event->space = other->space; break;
	case 8: event->vma = other->vma; break;
	case 9: event->pid = other->pid; break;
	case 10: event->tid = other->tid; break;
	case 11: event->error_code = other->error_code; break;
	case 12: event->said = other->said; break;
	case 13: event->cpu = other->cpu; break;
	case 14: event->kernel_mode = other->kernel_mode; break;
	case 15: event->has = other->has; break;
	case 16: event->result = other->result; break;
	case 17: event->grew = other->grew; break;
	case 18: event->stack = other->stack; break;
	case 19: memcpy(event->comm, other->comm, sizeof(event->comm)); break;
	}
}

/* Each member of *fault is set, so what it is before doesn't matter; but padding is compared, too. */
static struct fault read_event(struct record_reader *reader, const struct event *event)
{
	struct fault fault;

	memset(&fault, 0, sizeof(fault));
	record_read(reader, event, &fault);
	return fault;
}

static struct record_reader *new_reader(const struct page_tables *tables)
{
	struct record_reader *reader = calloc(1, sizeof(*reader));

	assert_non_null(reader);
	reader->tables = tables;
	return reader;
}

static void assert_read_as_if_alone(struct record_reader *reader, const struct event *event)
{
	struct record_reader *alone = new_reader(reader->tables);
	uint64_t lost = reader->lost_stacks;
	struct fault fault = read_event(reader, event), expected = read_event(alone, event);

	assert_memory_equal(&fault, &expected, sizeof(fault));
	assert_int_equal(reader->lost_stacks - lost, alone->lost_stacks);
	free(alone);
}

static void read_many(unsigned int levels)
{
	const struct page_tables tables = { .levels = levels, .entry_mask = ADDRESS_MASK };
	struct record_reader *reader = new_reader(&tables);
	unsigned int made_of = levels ? levels : 4;

	for (unsigned int i = 0; i < EVENTS; i++) {
		const struct event other = make_event(made_of);
		struct event event = make_event(made_of);

		assert_read_as_if_alone(reader, &event);
		change(&event, &other);
		assert_read_as_if_alone(reader, &event);
		change(&event, &other);
		assert_read_as_if_alone(reader, &event);
	}
	free(reader);
}

static void a_record_is_read_as_if_it_were_alone(void **state)
{
	(void)state;
	read_many(4);
	read_many(5);
}

/* Where no tables can be read, there are no paths. */
static void without_tables_too(void **state)
{
	(void)state;
	read_many(0);
}

/* Neighbours: what one has come to is used for the next, and not made anew. */
static void what_is_alike_is_known(void **state)
{
	const struct page_tables tables = { .levels = 4, .entry_mask = ADDRESS_MASK };
	struct record_reader *reader = new_reader(&tables);
	struct event event = {
		.addr = BASE, .before = { 0x1067, 0x2067, 0x3067, 0 }, .left = { 0x1067, 0x2067, 0x3067, 0x5000 | PAGE_RW | NX },
		.before_levels = 4, .left_levels = 4, .tid = 7, .stack = NO_STACK, .has = HAS_END | HAS_LATENCY,
		.result = ENDED_MINOR,
	};
	struct known_record known;
	struct fault fault;

	(void)state;
	assert_read_as_if_alone(reader, &event);
	known = reader->known[7];
	assert_int_equal(known.event.addr, BASE);
	for (unsigned int i = 1; i < 512; i++) {
		event.addr += 4096;
		event.ts += 1000;
		event.latency = i;
		event.left[3] += 0x3000;
		fault = read_event(reader, &event);
		assert_int_equal(fault.addr, BASE + i * 4096);
		assert_int_equal(fault.latency, i);
		assert_int_equal(fault.left.value, 0x5000 + i * 0x3000);
		assert_int_equal(fault.before.value, 0);
	}
	assert_memory_equal(&known, &reader->known[7], sizeof(known));
	free(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_read_as_if_it_were_alone),
		cmocka_unit_test(without_tables_too),
		cmocka_unit_test(what_is_alike_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
