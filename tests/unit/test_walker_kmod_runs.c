// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The reader of the module's compact records, against some that no module makes. */
#include "walker_kmod_paths.h"

#include "edge.h"

#define ASKED	200
#define HEAD	((unsigned int)sizeof(struct pfwalk_run))
#define MASK	0x000ffffffffff000ULL
#define LEVELS	4

struct bytes {
	size_t len;
	char at[8192];
};

/* The paths behind those that were asked for are a canary. */
struct answers {
	struct resolution r;
	struct path paths[ASKED + 1];
	struct vma vmas[ASKED + 1];
};

static const struct pfwalk_run page = { .kind = PFWALK_PAGE, .levels = LEVELS, .page = PFWALK_PAGE_ANON };

static void add(struct bytes *bytes, const void *mem, size_t len)
{
	assert_true(bytes->len + len <= sizeof(bytes->at));
	memcpy(bytes->at + bytes->len, mem, len);
	bytes->len += len;
}

static void add_number(struct bytes *bytes, __u64 number)
{
	add(bytes, &number, sizeof(number));
}

/* A PTE with flags on both sides of its page, and where it leads to. */
static __u64 pte(unsigned int i)
{
	return 0x8000000000000867 | (0x1000ULL + i) << 12;
}

static __u64 phys(unsigned int i)
{
	return (0x1000ULL + i) << 12;
}

/* The entries are 0x1001, 0x1002, ... by their level, but for the last: pte(i), and of neighbours pte(i + 1), ... */
static void add_page(struct bytes *bytes, unsigned int same, unsigned int more, unsigned int i)
{
	struct pfwalk_run run = page;

	run.same = same;
	run.more = more;
	add(bytes, &run, sizeof(run));
	for (unsigned int level = same; level + 1 < LEVELS; level++)
		add_number(bytes, 0x1001 + level);
	for (unsigned int last = same < LEVELS ? 0 : 1; last <= more; last++)
		add_number(bytes, pte(i + last));
}

static void add_valued(struct bytes *bytes, struct pfwalk_run run, __u64 value)
{
	add(bytes, &run, sizeof(run));
	add_number(bytes, value);
	for (unsigned int level = run.same; level < run.levels; level++)
		add_number(bytes, 0x1001 + level);
}

static void expect(struct answers *answers, size_t asked)
{
	memset(answers, 0x5a, sizeof(*answers));
	answers->r = (struct resolution){
		.paths = answers->paths, .vmas = answers->vmas, .asked = asked, .levels = LEVELS, .pfn_mask = MASK,
	};
}

static bool take(struct answers *answers, const struct bytes *bytes, size_t head_size)
{
	const struct pfwalk_vma mapping = { .start = 0x1000, .end = 0x5000, .flags = PFWALK_VMA_READ };
	const struct vma_records one = { .at = (const char *)&mapping, .n = 1, .size = sizeof(mapping) };

	return take_runs(&answers->r, at_the_edge(bytes->at, bytes->len), bytes->len, head_size, &one);
}

static void assert_untouched_behind(const struct answers *answers, size_t n)
{
	const unsigned char *path = (const unsigned char *)&answers->paths[n];
	const unsigned char *vma = (const unsigned char *)&answers->vmas[n];

	for (size_t i = 0; i < sizeof(struct path); i++)
		assert_int_equal(path[i], 0x5a);
	for (size_t i = 0; i < sizeof(struct vma); i++)
		assert_int_equal(vma[i], 0x5a);
}

static void assert_refused(const struct bytes *bytes, size_t asked, const char *what)
{
	static struct answers answers;

	expect(&answers, asked);
	if (take(&answers, bytes, HEAD))
		fail_msg("%s was accepted", what);
	assert_true(answers.r.done <= asked);
	assert_untouched_behind(&answers, asked);
}

static void assert_is_page(const struct path *path, unsigned int i)
{
	assert_int_equal(path->levels, LEVELS);
	assert_int_equal(path->kind, KIND_PAGE);
	assert_int_equal(path->state, STATE_MAPPED);
	assert_int_equal(path->page, PAGE_ANON);
	assert_int_equal(path->swap_type, 0);
	assert_int_equal(path->value, phys(i));
	for (unsigned int level = 0; level + 1 < LEVELS; level++)
		assert_int_equal(path->entry[level], 0x1001 + level);
	assert_int_equal(path->entry[LEVELS - 1], pte(i));
}

/* ---- what modules send ---- */

static void a_page_is_where_its_entry_says(void **state)
{
	static struct answers answers;
	struct bytes bytes = { 0 };

	(void)state;
	add_page(&bytes, 0, 0, 7);
	expect(&answers, 1);
	assert_true(take(&answers, &bytes, HEAD));
	assert_int_equal(answers.r.done, 1);
	assert_is_page(&answers.paths[0], 7);
	assert_untouched_behind(&answers, 1);
}

static void a_record_tells_of_neighbours(void **state)
{
	static struct answers answers;
	struct bytes bytes = { 0 };

	(void)state;
	add_page(&bytes, 0, 63, 0);
	add_page(&bytes, 3, 63, 64);
	add_page(&bytes, 2, 0, 128);
	add_page(&bytes, 3, 2, 129);
	expect(&answers, 132);
	assert_true(take(&answers, &bytes, HEAD));
	assert_int_equal(answers.r.done, 132);
	for (unsigned int i = 0; i < 132; i++)
		assert_is_page(&answers.paths[i], i);
	assert_untouched_behind(&answers, 132);
}

/* Whose heads are alike is taken at a glance: by turns with others, nothing of these may stay. */
static void what_is_between_pages_is_not_theirs(void **state)
{
	const struct pfwalk_run none = { .kind = PFWALK_NONE, .levels = 3, .same = 2 };
	const struct pfwalk_run swap = { .kind = PFWALK_SWAP, .levels = 4, .same = 3, .swap_type = 3, .vma = 1 };
	const struct pfwalk_run huge = { .kind = PFWALK_PAGE, .levels = 3, .same = 2, .page = PFWALK_PAGE_ANON };
	static struct answers answers;
	struct bytes bytes = { 0 };

	(void)state;
	add_page(&bytes, 0, 0, 0);
	add_valued(&bytes, none, 0);
	add_valued(&bytes, none, 0);
	add_page(&bytes, 2, 1, 3);
	add_valued(&bytes, swap, 99);
	add_valued(&bytes, swap, 100);
	add_page(&bytes, 3, 0, 7);
	add_valued(&bytes, huge, 0x200000);
	add_valued(&bytes, huge, 0x400000);
	add_page(&bytes, 2, 0, 10);
	expect(&answers, 11);
	assert_true(take(&answers, &bytes, HEAD));
	assert_int_equal(answers.r.done, 11);
	assert_is_page(&answers.paths[0], 0);
	assert_is_page(&answers.paths[3], 3);
	assert_is_page(&answers.paths[4], 4);
	assert_is_page(&answers.paths[7], 7);
	assert_is_page(&answers.paths[10], 10);
	for (unsigned int i = 1; i <= 2; i++) {
		assert_int_equal(answers.paths[i].state, STATE_NONE);
		assert_int_equal(answers.paths[i].value, 0);
		assert_int_equal(answers.paths[i].entry[2], 0x1003);
	}
	for (unsigned int i = 5; i <= 6; i++) {
		assert_int_equal(answers.paths[i].state, STATE_SWAP);
		assert_int_equal(answers.paths[i].swap_type, 3);
		assert_int_equal(answers.paths[i].value, 94 + i);
		assert_int_equal(answers.vmas[i].start, 0x1000);
	}
	assert_int_equal(answers.vmas[7].end, 0);
	for (unsigned int i = 8; i <= 9; i++) {
		assert_int_equal(answers.paths[i].state, STATE_MAPPED);
		assert_int_equal(answers.paths[i].levels, 3);
		assert_int_equal(answers.paths[i].value, (i - 7) * 0x200000);
	}
}

static void neighbours_have_the_same_mapping(void **state)
{
	static struct answers answers;
	struct pfwalk_run run = page;
	struct bytes bytes = { 0 };

	(void)state;
	run.vma = 1;
	run.more = 2;
	add(&bytes, &run, sizeof(run));
	for (unsigned int i = 0; i < LEVELS + 2; i++)
		add_number(&bytes, 0x1001);
	expect(&answers, 3);
	assert_true(take(&answers, &bytes, HEAD));
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(answers.vmas[i].start, 0x1000);
		assert_string_equal(answers.vmas[i].perm, "r--p");
	}
	assert_untouched_behind(&answers, 3);
}

/* ---- what they don't ---- */

static void a_cut_off_record_is_refused(void **state)
{
	const struct pfwalk_run none = { .kind = PFWALK_NONE, .levels = 3, .same = 2 };
	struct bytes whole = { 0 }, cut;
	size_t ends[4];

	(void)state;
	add_page(&whole, 0, 2, 0);
	ends[0] = whole.len;
	add_page(&whole, 3, 0, 3);
	ends[1] = whole.len;
	add_page(&whole, 3, 0, 4);
	ends[2] = whole.len;
	add_valued(&whole, none, 0);
	ends[3] = whole.len;
	for (size_t len = 1; len < whole.len; len++) {
		cut = whole;
		cut.len = len;
		if (len != ends[0] && len != ends[1] && len != ends[2])
			assert_refused(&cut, ASKED, "a cut off record");
	}
}

static void more_than_asked_for_is_refused(void **state)
{
	static struct answers answers;
	struct bytes bytes = { 0 };

	(void)state;
	add_page(&bytes, 0, 9, 0);
	for (unsigned int asked = 0; asked < 10; asked++)
		assert_refused(&bytes, asked, "a neighbour that nobody asked for");
	expect(&answers, 10);
	assert_true(take(&answers, &bytes, HEAD));
	add_page(&bytes, 3, 0, 10);
	assert_refused(&bytes, 10, "one record too many");
	bytes.len = 0;
	add_page(&bytes, 0, 255, 0);
	assert_refused(&bytes, ASKED, "more neighbours than were asked for");
}

static void bad_numbers_are_refused(void **state)
{
	(void)state;
	for (unsigned int levels = 0; levels <= 255; levels++) {
		for (unsigned int same = 0; same <= 255; same++) {
			struct pfwalk_run run = { .kind = PFWALK_MARKER, .levels = levels, .same = same };
			struct bytes bytes = { 0 };

			if (levels && levels <= LEVELS && same <= levels)
				continue;
			add_page(&bytes, 0, 0, 0);
			add(&bytes, &run, sizeof(run));
			for (unsigned int i = 0; i < 300; i++)
				add_number(&bytes, 0x1001);
			assert_refused(&bytes, ASKED, "levels or shared entries that can't be");
		}
	}
}

static void the_first_record_shares_nothing(void **state)
{
	struct bytes bytes = { 0 };

	(void)state;
	add_page(&bytes, 3, 0, 0);
	assert_refused(&bytes, ASKED, "a first record that shares");
}

static void a_mapping_that_is_not_there_is_refused(void **state)
{
	struct pfwalk_run run = page;
	struct bytes bytes = { 0 };

	(void)state;
	add_page(&bytes, 0, 0, 0);
	run.vma = 2;
	run.same = 3;
	add(&bytes, &run, sizeof(run));
	add_number(&bytes, pte(1));
	assert_refused(&bytes, ASKED, "a mapping that is not there");
}

/* All of a path may be that of the record before: then so is its value. */
static void a_record_without_entries_is_the_one_before(void **state)
{
	static struct answers answers;
	struct bytes bytes = { 0 };

	(void)state;
	add_page(&bytes, 0, 0, 5);
	add_page(&bytes, 4, 0, 0);
	add_page(&bytes, 4, 0, 0);
	expect(&answers, 3);
	assert_true(take(&answers, &bytes, HEAD));
	assert_int_equal(answers.r.done, 3);
	for (unsigned int i = 0; i < 3; i++)
		assert_is_page(&answers.paths[i], 5);
}

/* A newer module: what its head has behind ours is stepped over. */
static void a_larger_head_is_stepped_over(void **state)
{
	static struct answers answers;
	struct pfwalk_run run = page;
	struct bytes bytes = { 0 };

	(void)state;
	run.more = 1;
	for (unsigned int record = 0; record < 2; record++) {
		run.same = record ? 3 : 0;
		add(&bytes, &run, sizeof(run));
		add_number(&bytes, 0xeeeeeeeeeeeeeeee);
		for (unsigned int level = run.same; level < 3; level++)
			add_number(&bytes, 0x1001 + level);
		add_number(&bytes, pte(2 * record));
		add_number(&bytes, pte(2 * record + 1));
	}
	expect(&answers, 4);
	assert_true(take(&answers, &bytes, HEAD + 8));
	for (unsigned int i = 0; i < 4; i++)
		assert_is_page(&answers.paths[i], i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_is_where_its_entry_says),
		cmocka_unit_test(a_record_tells_of_neighbours),
		cmocka_unit_test(what_is_between_pages_is_not_theirs),
		cmocka_unit_test(neighbours_have_the_same_mapping),
		cmocka_unit_test(a_cut_off_record_is_refused),
		cmocka_unit_test(more_than_asked_for_is_refused),
		cmocka_unit_test(bad_numbers_are_refused),
		cmocka_unit_test(the_first_record_shares_nothing),
		cmocka_unit_test(a_mapping_that_is_not_there_is_refused),
		cmocka_unit_test(a_record_without_entries_is_the_one_before),
		cmocka_unit_test(a_larger_head_is_stepped_over),
	};

	return cmocka_run_group_tests_name("walker_kmod_runs", tests, make_room, free_room);
}
