// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What many faults come to. Each number of it is one that somebody may act upon: it must not be too high. */
#include "cause.h"
#include "fixture.h"
#include "pick.h"
#include "summary.h"

#define PAGE	4096ULL
#define AREA	(512 * PAGE)
#define BASE	0x7f0000000000ULL

static const struct path page4k = { .levels = 4, .kind = KIND_PAGE, .state = STATE_MAPPED, .value = 0x1000 };

static const struct vma anon = {
	.start = BASE, .end = BASE + 64 * AREA, .flags = VMA_READ | VMA_WRITE | VMA_ANON, .perm = "rw-p", .name = "",
};

static const struct vma library = {
	.start = BASE, .end = BASE + 64 * AREA, .flags = VMA_READ | VMA_FILE, .perm = "r--p", .name = "",
	.inode = 77, .major = 8, .minor = 1,
};

static struct summary *begin(void)
{
	struct summary *summary = summary_new(&four_levels, &summary_limits);

	assert_non_null(summary);
	return summary;
}

static struct fault fault_of(enum cause_word cause, const struct vma *vma, uint64_t addr)
{
	return (struct fault){
		.pid = 5, .tid = 5, .space = 9, .addr = addr, .ip = 0x401000, .cause.word = cause, .has_vma = true,
		.vma = *vma, .has_latency = true, .latency = 100, .walk_status = WALK_OK, .after = page4k,
		.comm = "program",
	};
}

static void add(struct summary *summary, enum cause_word cause, const struct vma *vma, uint64_t addr)
{
	struct fault fault = fault_of(cause, vma, addr);

	summary_add(summary, &fault);
}

/* n pages from addr on, step pages apart */
static void add_each(struct summary *summary, enum cause_word cause, const struct vma *vma, uint64_t addr,
		     unsigned int n, unsigned int step)
{
	for (unsigned int i = 0; i < n; i++)
		add(summary, cause, vma, addr + i * step * PAGE);
}

static void assert_avoidable(struct summary *summary, enum avoid_way way, uint64_t faults)
{
	const struct amount *amount;

	summary_finish(summary);
	amount = avoidable_amount(summary->avoidable, way);
	assert_int_equal(amount->faults, faults);
	assert_int_equal(amount->time, faults * 100);
	summary_free(summary);
}

/* ---- histogram ---- */

static void a_bucket_is_a_power_of_two(void **state)
{
	struct histogram h = { 0 };

	(void)state;
	histogram_add(&h, 0);
	histogram_add(&h, 1);
	histogram_add(&h, 2);
	histogram_add(&h, 3);
	histogram_add(&h, 4);
	histogram_add(&h, UINT64_MAX);
	assert_int_equal(h.bucket[0], 2);
	assert_int_equal(h.bucket[1], 2);
	assert_int_equal(h.bucket[2], 1);
	assert_int_equal(h.bucket[63], 1);
	assert_int_equal(h.n, 6);
	assert_int_equal(h.min, 0);
	assert_int_equal(h.max, UINT64_MAX);
	assert_int_equal(histogram_low(0), 0);
	assert_int_equal(histogram_low(10), 1024);
}

static void nothing_has_no_percentile(void **state)
{
	const struct histogram h = { 0 };

	(void)state;
	assert_int_equal(histogram_percentile(&h, 50), 0);
}

static void a_single_value_is_its_percentiles(void **state)
{
	struct histogram h = { 0 };

	(void)state;
	histogram_add(&h, 1500);
	assert_int_equal(histogram_percentile(&h, 50), 1500);
	assert_int_equal(histogram_percentile(&h, 99), 1500);
}

/* The promise: more than half and less than twice the true one, of whatever distribution. */
static void a_percentile_is_off_by_less_than_two(void **state)
{
	static const unsigned int percents[] = { 1, 50, 90, 99, 100 };

	(void)state;
	for (unsigned int round = 0; round < 50; round++) {
		static uint64_t values[1000];
		struct histogram h = { 0 };
		unsigned int n = 1 + round * 20;

		for (unsigned int i = 0; i < n; i++) {
			values[i] = 1 + pick() % (1 << (1 + round % 20));
			histogram_add(&h, values[i]);
		}
		for (unsigned int p = 0; p < 5; p++) {
			uint64_t rank = (n * percents[p] + 99) / 100, told = histogram_percentile(&h, percents[p]);
			uint64_t below = 0, not_above = 0;

			/* The true value v has this rank. Is some v in (told / 2, told * 2)? */
			for (unsigned int i = 0; i < n; i++) {
				below += values[i] * 2 <= told;
				not_above += values[i] < told * 2;
			}
			assert_true(below < rank);
			assert_true(not_above >= rank);
		}
	}
}

/* ---- tally ---- */

static void add_key(struct tally *tally, uint64_t key, unsigned int times)
{
	const struct fault fault = { .pid = key };

	while (times--)
		tally_add(tally, &(struct tally_key){ .a = key }, &fault, 10);
}

static void counts_are_exact_as_long_as_there_is_room(void **state)
{
	struct tally *tally = tally_new(100);
	const struct tally_entry *top[3];

	(void)state;
	for (unsigned int key = 1; key <= 100; key++)
		add_key(tally, key, key);
	assert_true(tally_is_exact(tally));
	assert_int_equal(tally_keys(tally), 100);
	assert_int_equal(tally_top(tally, top, 3), 3);
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(top[i]->key.a, 100 - i);
		assert_int_equal(top[i]->origin.pid, 100 - i);
		assert_int_equal(top[i]->count, 100 - i);
		assert_int_equal(top[i]->error, 0);
		assert_int_equal(top[i]->time, 10 * (100 - i));
	}
	add_key(tally, 7, 1);
	assert_true(tally_is_exact(tally));
	add_key(tally, 101, 1);
	assert_false(tally_is_exact(tally));
	tally_free(tally);
}

/* count - error <= true <= count, and what isn't there has come no more often than what is. */
static void approximate_counts_keep_their_bounds(void **state)
{
	enum { KEYS = 1000, ROOM = 64 };
	static uint64_t came[KEYS];
	const struct tally_entry *all[ROOM];
	bool is_there[KEYS] = { false };
	struct tally *tally = tally_new(ROOM);
	uint64_t sum = 0;

	(void)state;
	for (unsigned int i = 0; i < 100000; i++) {
		unsigned int key = pick() % KEYS;

		key = key * key / KEYS * key / KEYS;	/* the low ones are frequent */
		came[key]++;
		add_key(tally, key, 1);
	}
	assert_false(tally_is_exact(tally));
	assert_int_equal(tally_top(tally, all, ROOM), ROOM);
	for (unsigned int i = 0; i < ROOM; i++) {
		uint64_t key = all[i]->key.a;

		assert_true(all[i]->count >= came[key]);
		assert_true(all[i]->count - all[i]->error <= came[key]);
		assert_int_equal(all[i]->origin.pid, key);
		assert_false(is_there[key]);
		is_there[key] = true;
		sum += all[i]->count;
	}
	assert_int_equal(sum, 100000);	/* of Space-Saving: none is lost */
	for (unsigned int key = 0; key < KEYS; key++)
		if (!is_there[key])
			assert_true(came[key] <= all[ROOM - 1]->count);
	assert_int_equal(all[0]->key.a, 0);
	tally_free(tally);
}

static void a_name_is_our_own_copy(void **state)
{
	struct tally *tally = tally_new(1);
	const struct tally_entry *top;
	char name[] = "/usr/lib/a.so";
	struct fault fault = { .has_vma = true, .vma.name = name };

	(void)state;
	tally_add(tally, &(struct tally_key){ .a = 1 }, &fault, 0);
	name[9] = 'X';
	tally_top(tally, &top, 1);
	assert_string_equal(top->origin.vma.name, "/usr/lib/a.so");
	fault.vma.name = "";
	tally_add(tally, &(struct tally_key){ .a = 2 }, &fault, 0);	/* takes its place */
	tally_top(tally, &top, 1);
	assert_null(top->origin.vma.name);
	assert_int_equal(top->error, 1);
	tally_free(tally);
}

/* ---- what a fault is counted under ---- */

static void faults_are_counted_by_cause_and_time(void **state)
{
	struct summary *summary = begin();
	struct fault fault = fault_of(CAUSE_COW, &anon, BASE);

	(void)state;
	add_each(summary, CAUSE_FIRST_TOUCH, &anon, BASE, 7, 1);
	fault.has_latency = false;
	summary_add(summary, &fault);
	assert_int_equal(summary->by_cause[CAUSE_FIRST_TOUCH], 7);
	assert_int_equal(summary->latency[CAUSE_FIRST_TOUCH].sum, 700);
	assert_int_equal(summary->by_cause[CAUSE_COW], 1);
	assert_int_equal(summary->latency[CAUSE_COW].n, 0);
	assert_int_equal(summary->all.faults, 8);
	assert_int_equal(summary->all.time, 700);
	summary_free(summary);
}

static void assert_size(struct fault fault, enum size_class size)
{
	struct summary *summary = begin();

	summary_add(summary, &fault);
	for (unsigned int i = 0; i < SIZE_CLASSES; i++)
		assert_int_equal(summary->by_size[i].faults, i == size);
	summary_free(summary);
}

static void pages_have_a_size(void **state)
{
	struct fault fault = fault_of(CAUSE_FIRST_TOUCH, &anon, BASE);

	(void)state;
	assert_size(fault, SIZE_4K);
	fault.after.levels = 3;
	assert_size(fault, SIZE_2M);
	fault.after.levels = 2;
	assert_size(fault, SIZE_1G);
	fault.after = (struct path){ .levels = 4, .kind = KIND_NONE, .state = STATE_NONE };
	assert_size(fault, SIZE_NO_PAGE);
	fault.walk_status = WALK_GONE;
	assert_size(fault, SIZE_UNKNOWN);
	fault.has_left = true;
	fault.left = page4k;
	assert_size(fault, SIZE_4K);
	fault.walk_status = WALK_NONE;
	assert_size(fault, SIZE_4K);
	fault.walk_status = WALK_FAILED;
	fault.has_left = false;
	assert_size(fault, SIZE_UNKNOWN);
}

static void assert_mappings(struct summary *summary, uint32_t mappings, uint32_t files)
{
	assert_int_equal(tally_keys(summary->mappings), mappings);
	assert_int_equal(tally_keys(summary->files), files);
}

static void mappings_are_told_apart(void **state)
{
	struct summary *summary = begin();
	struct vma vma = anon;
	struct fault fault;

	(void)state;
	add(summary, CAUSE_FIRST_TOUCH, &vma, BASE);
	vma.end += PAGE;
	add(summary, CAUSE_FIRST_TOUCH, &vma, BASE + PAGE);	/* a heap that grew */
	assert_mappings(summary, 1, 0);
	vma = anon;
	vma.start -= AREA;
	vma.end = BASE;
	add(summary, CAUSE_STACK, &vma, BASE - PAGE);		/* its neighbour */
	vma.start -= PAGE;
	add(summary, CAUSE_STACK, &vma, vma.start);		/* a stack that grew */
	assert_mappings(summary, 2, 0);
	vma = library;
	add(summary, CAUSE_FILE_MINOR, &vma, BASE);
	vma.start += 16 * AREA;
	add(summary, CAUSE_FILE_MINOR, &vma, BASE + 20 * AREA);	/* another mapping of the file */
	assert_mappings(summary, 3, 1);
	vma.inode++;
	add(summary, CAUSE_FILE_MINOR, &vma, BASE + 20 * AREA);
	assert_mappings(summary, 4, 2);
	fault = fault_of(CAUSE_FILE_MINOR, &vma, BASE);
	fault.pid = 6;
	summary_add(summary, &fault);				/* of another process */
	assert_mappings(summary, 5, 2);
	fault.has_vma = false;
	summary_add(summary, &fault);
	assert_mappings(summary, 6, 2);
	fault.addr = 0xffff888000000000;
	summary_add(summary, &fault);
	assert_mappings(summary, 7, 2);
	summary_free(summary);
}

static void what_memory_is_has_a_name(void **state)
{
	struct origin origin = { .addr = 0x1000 };

	(void)state;
	assert_string_equal(origin_kind_name(&origin), "unknown");
	origin.addr = 0xffff888000000000;
	assert_string_equal(origin_kind_name(&origin), "kernel");
	origin.has_vma = true;
	assert_string_equal(origin_kind_name(&origin), "none");
	origin.vma = anon;
	assert_string_equal(origin_kind_name(&origin), "anon");
	origin.vma.flags |= VMA_GROWSDOWN;
	assert_string_equal(origin_kind_name(&origin), "stack");
	origin.vma = library;
	assert_string_equal(origin_kind_name(&origin), "file");
}

static void places_are_pages_and_instructions(void **state)
{
	struct summary *summary = begin();
	const struct tally_entry *top[2];

	(void)state;
	add(summary, CAUSE_FIRST_TOUCH, &anon, BASE + 1);
	add(summary, CAUSE_COW, &anon, BASE + 4095);
	add(summary, CAUSE_FIRST_TOUCH, &anon, BASE + 4096);
	assert_int_equal(tally_top(summary->addresses, top, 2), 2);
	assert_int_equal(top[0]->key.b, BASE);
	assert_int_equal(top[0]->count, 2);
	assert_int_equal(tally_top(summary->instructions, top, 2), 1);
	assert_int_equal(top[0]->key.b, 0x401000);
	assert_int_equal(top[0]->count, 3);
	summary_free(summary);
}

/* ---- avoidable ---- */

static void neighbours_could_be_populated(void **state)
{
	struct summary *summary = begin();

	(void)state;
	add_each(summary, CAUSE_FIRST_TOUCH, &anon, BASE + 3 * PAGE, 100, 1);
	assert_avoidable(summary, AVOID_POPULATE, 99);

	summary = begin();		/* from the top down */
	for (unsigned int i = 100; i--;)
		add(summary, CAUSE_FIRST_TOUCH, &anon, BASE + i * PAGE);
	assert_avoidable(summary, AVOID_POPULATE, 99);

	summary = begin();		/* in any order: 37 has no divisor in common with 512 */
	for (unsigned int i = 0; i < 512; i++)
		add(summary, CAUSE_FIRST_TOUCH, &anon, BASE + i * 37 % 512 * PAGE);
	assert_avoidable(summary, AVOID_POPULATE, 511);

	summary = begin();		/* two runs, and one that is too short */
	add_each(summary, CAUSE_FIRST_TOUCH, &anon, BASE, RUN_PAGES, 1);
	add_each(summary, CAUSE_FIRST_TOUCH, &anon, BASE + 100 * PAGE, RUN_PAGES + 1, 1);
	add_each(summary, CAUSE_FIRST_TOUCH, &anon, BASE + 200 * PAGE, RUN_PAGES - 1, 1);
	assert_avoidable(summary, AVOID_POPULATE, 2 * RUN_PAGES - 1);
}

static void scattered_pages_could_not(void **state)
{
	struct summary *summary = begin();
	struct vma other = anon;
	struct fault fault;

	(void)state;
	add_each(summary, CAUSE_FIRST_TOUCH, &anon, BASE, 200, 2);
	assert_avoidable(summary, AVOID_POPULATE, 0);

	summary = begin();		/* other causes are other things */
	add_each(summary, CAUSE_SHMEM, &anon, BASE, 200, 1);
	add_each(summary, CAUSE_COW, &anon, BASE, 200, 1);
	assert_avoidable(summary, AVOID_POPULATE, 0);

	summary = begin();		/* half of a run in each of two processes */
	add_each(summary, CAUSE_FIRST_TOUCH, &anon, BASE, RUN_PAGES - 1, 1);
	fault = fault_of(CAUSE_FIRST_TOUCH, &anon, BASE + (RUN_PAGES - 1) * PAGE);
	fault.pid = 6;
	summary_add(summary, &fault);
	fault.pid = 5;
	fault.space = 10;
	summary_add(summary, &fault);
	assert_avoidable(summary, AVOID_POPULATE, 0);

	summary = begin();		/* half of a run in each of two mappings */
	other.end = BASE + 10 * PAGE;
	add_each(summary, CAUSE_FIRST_TOUCH, &other, BASE, 10, 1);
	other.start = other.end;
	other.end += 10 * PAGE;
	add_each(summary, CAUSE_FIRST_TOUCH, &other, other.start, 10, 1);
	assert_avoidable(summary, AVOID_POPULATE, 0);
}

/* Mapped, touched, unmapped, again and again: each time anew. */
static void what_comes_again_is_counted_again(void **state)
{
	struct summary *summary = begin();

	(void)state;
	for (unsigned int i = 0; i < 3; i++)
		add_each(summary, CAUSE_FIRST_TOUCH, &anon, BASE, 32, 1);
	assert_avoidable(summary, AVOID_POPULATE, 3 * 31);

	summary = begin();	/* not as one run of what was never there at once */
	add_each(summary, CAUSE_FIRST_TOUCH, &anon, BASE, 10, 1);
	add(summary, CAUSE_FIRST_TOUCH, &anon, BASE);
	add_each(summary, CAUSE_FIRST_TOUCH, &anon, BASE + 10 * PAGE, 10, 1);
	assert_avoidable(summary, AVOID_POPULATE, 0);
}

static void full_areas_could_be_huge(void **state)
{
	struct summary *summary = begin();
	struct vma small = anon;

	(void)state;
	add_each(summary, CAUSE_FIRST_TOUCH, &anon, BASE, 3 * 512, 1);
	assert_avoidable(summary, AVOID_HUGE_PAGE, 3 * 511);

	summary = begin();		/* one page is missing */
	add_each(summary, CAUSE_FIRST_TOUCH, &anon, BASE, 511, 1);
	assert_avoidable(summary, AVOID_HUGE_PAGE, 0);

	summary = begin();		/* 512 pages, not aligned */
	add_each(summary, CAUSE_FIRST_TOUCH, &anon, BASE + PAGE, 512, 1);
	assert_avoidable(summary, AVOID_HUGE_PAGE, 0);

	summary = begin();		/* the area isn't in one mapping */
	small.end = BASE + 512 * PAGE - PAGE;
	add_each(summary, CAUSE_FIRST_TOUCH, &small, BASE, 512, 1);
	assert_avoidable(summary, AVOID_HUGE_PAGE, 0);
}

/* In 16 steps to the size of an area, each of which is touched before the next one. */
static void grow_heap(struct summary *summary, struct vma *heap)
{
	for (unsigned int i = 0; i < 512; i += 32) {
		heap->end = BASE + (i + 32) * PAGE;
		add_each(summary, CAUSE_FIRST_TOUCH, heap, BASE + i * PAGE, 32, 1);
	}
}

/* The mapping is there for each page, but not for those that come later. */
static void a_heap_that_grows_could_not(void **state)
{
	struct summary *summary = begin();
	struct vma heap = anon;

	(void)state;
	grow_heap(summary, &heap);
	assert_avoidable(summary, AVOID_HUGE_PAGE, 0);

	summary = begin();		/* the area is whole at the last fault alone */
	heap.end = BASE + 511 * PAGE;
	add_each(summary, CAUSE_FIRST_TOUCH, &heap, BASE, 511, 1);
	heap.end += PAGE;
	add(summary, CAUSE_FIRST_TOUCH, &heap, BASE + 511 * PAGE);
	assert_avoidable(summary, AVOID_HUGE_PAGE, 0);

	summary = begin();		/* at the first and the last one, but not between them */
	add_each(summary, CAUSE_FIRST_TOUCH, &anon, BASE, 510, 1);
	heap.end = BASE + 511 * PAGE;
	add(summary, CAUSE_FIRST_TOUCH, &heap, BASE + 510 * PAGE);
	add(summary, CAUSE_FIRST_TOUCH, &anon, BASE + 511 * PAGE);
	assert_avoidable(summary, AVOID_HUGE_PAGE, 0);

	summary = begin();		/* it grows beyond the area: that is none of its business */
	heap.end = BASE + AREA;
	add_each(summary, CAUSE_FIRST_TOUCH, &heap, BASE, 256, 1);
	heap.end += AREA;
	add_each(summary, CAUSE_FIRST_TOUCH, &heap, BASE + 256 * PAGE, 256, 1);
	assert_avoidable(summary, AVOID_HUGE_PAGE, 511);
}

/* One madvise() for what there was of it at a time. */
static void a_heap_that_grows_is_populated_in_parts(void **state)
{
	struct summary *summary = begin();
	struct vma heap = anon;

	(void)state;
	grow_heap(summary, &heap);
	assert_avoidable(summary, AVOID_POPULATE, 16 * 31);

	summary = begin();		/* page by page: nothing could be made sooner */
	for (unsigned int i = 0; i < 512; i++) {
		heap.end = BASE + (i + 1) * PAGE;
		add(summary, CAUSE_FIRST_TOUCH, &heap, BASE + i * PAGE);
	}
	assert_avoidable(summary, AVOID_POPULATE, 0);

	summary = begin();		/* downwards, as mmap() goes, and neighbours become one */
	heap = anon;
	for (unsigned int i = 10; i--;) {
		heap.start = BASE + i * 20 * PAGE;
		add_each(summary, CAUSE_FIRST_TOUCH, &heap, heap.start, 20, 1);
	}
	assert_avoidable(summary, AVOID_POPULATE, 10 * 19);
}

static void add_cow(struct summary *summary, uint64_t addr, bool of_zero)
{
	struct fault fault = fault_of(CAUSE_COW, &anon, addr);

	fault.cause.facts = of_zero ? 1ULL << FACT_BEFORE_ZERO : 0;
	summary_add(summary, &fault);
}

static void the_zero_page_and_then_a_copy_could_be_one(void **state)
{
	struct summary *summary = begin();

	(void)state;
	add_each(summary, CAUSE_ZERO_PAGE, &anon, BASE, 20, 1);
	for (unsigned int i = 0; i < 7; i++)
		add_cow(summary, BASE + i * PAGE, true);
	add_cow(summary, BASE, true);			/* its pair is counted already */
	add_cow(summary, BASE + 8 * PAGE, false);	/* another page meanwhile */
	add_cow(summary, BASE + 100 * PAGE, true);	/* its read wasn't seen */
	assert_avoidable(summary, AVOID_WRITE_FIRST, 7);
}

static void what_came_back_could_be_locked(void **state)
{
	struct summary *summary = begin();
	struct vma other = library;

	(void)state;
	add_each(summary, CAUSE_SWAP_IN, &anon, BASE, 5, 1);
	add_each(summary, CAUSE_FILE_MAJOR, &library, BASE, 10, 1);
	add_each(summary, CAUSE_FILE_MAJOR, &library, BASE, 3, 1);
	assert_avoidable(summary, AVOID_MLOCK, 5 + 3);

	summary = begin();		/* the same addresses, another file; another part of it */
	add(summary, CAUSE_FILE_MAJOR, &library, BASE);
	other.inode++;
	add(summary, CAUSE_FILE_MAJOR, &other, BASE);
	other.offset += AREA;
	add(summary, CAUSE_FILE_MAJOR, &other, BASE);
	assert_avoidable(summary, AVOID_MLOCK, 0);
}

static void windows_of_a_file_could_be_populated(void **state)
{
	struct summary *summary = begin();

	(void)state;
	add_each(summary, CAUSE_FILE_MINOR, &library, BASE, 32, 16);	/* one fault a window */
	assert_avoidable(summary, AVOID_POPULATE_FILE, 31);

	summary = begin();		/* a window is missing */
	add_each(summary, CAUSE_FILE_MINOR, &library, BASE, RUN_WINDOWS - 1, 16);
	add_each(summary, CAUSE_FILE_MINOR, &library, BASE + RUN_WINDOWS * 16 * PAGE, RUN_WINDOWS, 16);
	assert_avoidable(summary, AVOID_POPULATE_FILE, RUN_WINDOWS - 1);

	summary = begin();		/* every page of four windows: no fault-around */
	add_each(summary, CAUSE_FILE_MINOR, &library, BASE, RUN_WINDOWS * 16, 1);
	assert_avoidable(summary, AVOID_POPULATE_FILE, RUN_WINDOWS * 16 - 1);
}

/* Room for two areas, and three come in turn: their runs are counted as far as they had come. */
static void areas_that_find_no_room_are_told(void **state)
{
	struct avoidable *avoidable = avoidable_new(2);

	(void)state;
	for (unsigned int i = 0; i < 3 * 40; i++) {
		struct fault fault = fault_of(CAUSE_FIRST_TOUCH, &anon, BASE + i / 40 * AREA + i % 40 * PAGE);

		avoidable_add(avoidable, &fault);
	}
	assert_int_equal(avoidable_let_go(avoidable), 1);
	avoidable_finish(avoidable);
	assert_int_equal(avoidable_amount(avoidable, AVOID_POPULATE)->faults, 3 * 39);
	for (unsigned int i = 0; i < 1000; i++) {
		struct fault fault = fault_of(CAUSE_FIRST_TOUCH, &anon, BASE + i % 3 * AREA + i / 3 % 512 * PAGE);

		avoidable_add(avoidable, &fault);
	}
	avoidable_finish(avoidable);
	assert_true(avoidable_let_go(avoidable) > 900);
	assert_int_equal(avoidable_amount(avoidable, AVOID_POPULATE)->faults, 3 * 39);
	avoidable_free(avoidable);
}

/* ---- what is known of the fault before ---- */

#define MOST 100

static void assert_same_top(const struct tally *one, const struct tally *other)
{
	const struct tally_entry *entries[MOST], *others[MOST];
	size_t n = tally_top(one, entries, MOST);

	assert_int_equal(tally_top(other, others, MOST), n);
	for (size_t i = 0; i < n; i++) {
		assert_memory_equal(&entries[i]->key, &others[i]->key, sizeof(entries[i]->key));
		assert_int_equal(entries[i]->count, others[i]->count);
		assert_int_equal(entries[i]->error, others[i]->error);
		assert_int_equal(entries[i]->time, others[i]->time);
	}
}

/* So many places that most of them have no room, and what is known of where they are counted is no longer so. */
static struct fault one_of_many(unsigned int i)
{
	unsigned int which = (i * i + 3) * 2654435761U >> 24;
	struct fault fault = fault_of(CAUSE_FIRST_TOUCH, which % 3 ? &library : &anon, BASE + i % 70 * PAGE);

	fault.pid = 5 + which % 7;
	fault.ip = 0x401000 + which % 5;
	fault.vma.inode = fault.vma.inode ? 77 + which % 11 : 0;
	fault.origin = 1 + which;
	return fault;
}

/* That faults are known to be of one origin makes it quicker to count them, and nothing else. */
static void origins_change_no_count(void **state)
{
	static const struct summary_limits few = {
		.mappings = 8, .addresses = 16, .instructions = 4, .files = 4, .areas = 8,
	};
	struct summary *known = summary_new(&four_levels, &few), *unknown = summary_new(&four_levels, &few);

	(void)state;
	assert_non_null(known);
	assert_non_null(unknown);
	for (unsigned int i = 0; i < 50000; i++) {
		struct fault fault = one_of_many(i);

		summary_add(known, &fault);
		fault.origin = 0;
		summary_add(unknown, &fault);
	}
	assert_same_top(known->mappings, unknown->mappings);
	assert_same_top(known->instructions, unknown->instructions);
	assert_same_top(known->files, unknown->files);
	assert_same_top(known->addresses, unknown->addresses);
	summary_free(known);
	summary_free(unknown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bucket_is_a_power_of_two),
		cmocka_unit_test(nothing_has_no_percentile),
		cmocka_unit_test(a_single_value_is_its_percentiles),
		cmocka_unit_test(a_percentile_is_off_by_less_than_two),
		cmocka_unit_test(counts_are_exact_as_long_as_there_is_room),
		cmocka_unit_test(approximate_counts_keep_their_bounds),
		cmocka_unit_test(a_name_is_our_own_copy),
		cmocka_unit_test(faults_are_counted_by_cause_and_time),
		cmocka_unit_test(pages_have_a_size),
		cmocka_unit_test(mappings_are_told_apart),
		cmocka_unit_test(what_memory_is_has_a_name),
		cmocka_unit_test(places_are_pages_and_instructions),
		cmocka_unit_test(neighbours_could_be_populated),
		cmocka_unit_test(scattered_pages_could_not),
		cmocka_unit_test(what_comes_again_is_counted_again),
		cmocka_unit_test(full_areas_could_be_huge),
		cmocka_unit_test(a_heap_that_grows_could_not),
		cmocka_unit_test(a_heap_that_grows_is_populated_in_parts),
		cmocka_unit_test(the_zero_page_and_then_a_copy_could_be_one),
		cmocka_unit_test(what_came_back_could_be_locked),
		cmocka_unit_test(windows_of_a_file_could_be_populated),
		cmocka_unit_test(areas_that_find_no_room_are_told),
		cmocka_unit_test(origins_change_no_count),
	};

	return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
