// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The reader of a map's messages, against messages that no module sends. Its inside is tested, so it is included.
 */
#include "../../user/walker_kmod_map.c"

#include "edge.h"

#define PAGE	0x1000ULL
#define BASE	0x7f0000000000ULL
#define MAX	64

/* ---- a sink that keeps what it is told ---- */

static struct {
	struct vma vma[MAX];
	struct region region[MAX];
	size_t vmas, regions;
	size_t vmas_before[MAX];	/* told when the region was */
	size_t stop_at;			/* 0: never */
} told;

static int stops(void)
{
	return told.stop_at && told.vmas + told.regions >= told.stop_at;
}

static int on_vma(void *data, const struct vma *vma)
{
	(void)data;
	assert_true(told.vmas < MAX);
	told.vma[told.vmas++] = *vma;
	return stops();
}

static int on_region(void *data, const struct region *region)
{
	(void)data;
	assert_true(told.regions < MAX);
	told.vmas_before[told.regions] = told.vmas;
	told.region[told.regions++] = *region;
	return stops();
}

static const struct map_sink sink = { .vma = on_vma, .region = on_region };
static struct kmod_walker walker;
static struct table_pages tables;
static struct mapping_out out;

static void begin(uint64_t start, uint64_t end)
{
	memset(&told, 0, sizeof(told));
	memset(&tables, 0, sizeof(tables));
	walker.base.geometry = four_levels;
	walker.base.error[0] = '\0';
	out = (struct mapping_out){ .walker = &walker, .sink = &sink, .tables = &tables, .cursor = start, .end = end };
}

/* ---- messages ---- */

struct message {
	struct nlmsghdr *nlh;
	char buf[8192];
};

static const struct pfwalk_vma anon = {
	.start = BASE, .end = BASE + 16 * PAGE, .flags = PFWALK_VMA_READ | PFWALK_VMA_WRITE | PFWALK_VMA_ANON,
};

static struct pfwalk_region pages(uint64_t from, uint64_t to)
{
	return (struct pfwalk_region){
		.start = BASE + from * PAGE, .end = BASE + to * PAGE, .vma = 1, .kind = PFWALK_PAGE,
		.page = PFWALK_PAGE_ANON,
	};
}

static void start(struct message *message, uint64_t next)
{
	memset(message->buf, 0, sizeof(message->buf));
	message->nlh = mnl_nlmsg_put_header(message->buf);
	mnl_nlmsg_put_extra_header(message->nlh, sizeof(struct genlmsghdr));
	mnl_attr_put_u64(message->nlh, PFWALK_A_NEXT, next);
}

static void put_records(struct message *message, const void *vmas, size_t n_vmas, const void *regions,
			size_t n_regions)
{
	mnl_attr_put_u32(message->nlh, PFWALK_A_VMA_SIZE, sizeof(struct pfwalk_vma));
	mnl_attr_put(message->nlh, PFWALK_A_VMAS, n_vmas * sizeof(struct pfwalk_vma), vmas);
	mnl_attr_put_u32(message->nlh, PFWALK_A_REGION_SIZE, sizeof(struct pfwalk_region));
	mnl_attr_put(message->nlh, PFWALK_A_REGIONS, n_regions * sizeof(struct pfwalk_region), regions);
}

static int take(const struct message *message)
{
	void *copy = at_the_edge(message->buf, message->nlh->nlmsg_len);

	errno = 0;
	return take_map(copy, &out);
}

static int take_records(uint64_t next, const void *vmas, size_t n_vmas, const void *regions, size_t n_regions)
{
	struct message message;

	start(&message, next);
	put_records(&message, vmas, n_vmas, regions, n_regions);
	return take(&message);
}

static void assert_refused(const struct pfwalk_vma *vmas, size_t n_vmas, const struct pfwalk_region *regions,
			   size_t n_regions, const char *what)
{
	begin(BASE, BASE + 64 * PAGE);
	if (take_records(BASE + 16 * PAGE, vmas, n_vmas, regions, n_regions) != MNL_CB_ERROR || errno != EBADMSG)
		fail_msg("%s was accepted", what);
}

static void finish(void)
{
	assert_int_equal(tell_pending(&out), 0);
}

/* ---- what is right ---- */

static void a_message_is_told(void **state)
{
	const struct pfwalk_region regions[] = {
		pages(0, 2),
		{ .start = BASE + 2 * PAGE, .end = BASE + 16 * PAGE, .vma = 1, .kind = PFWALK_NONE },
	};

	(void)state;
	begin(BASE, BASE + 16 * PAGE);
	assert_int_equal(take_records(BASE + 16 * PAGE, &anon, 1, regions, 2), MNL_CB_OK);
	finish();
	assert_int_equal(told.vmas, 1);
	assert_int_equal(told.vma[0].start, BASE);
	assert_string_equal(told.vma[0].perm, "rw-p");
	assert_string_equal(told.vma[0].name, "");
	assert_int_equal(told.regions, 2);
	assert_int_equal(told.region[0].kind, KIND_PAGE);
	assert_int_equal(told.region[0].level, LEVEL_PTE);
	assert_int_equal(told.region[0].page, PAGE_ANON);
	assert_int_equal(told.region[1].kind, KIND_NONE);
	assert_int_equal(told.region[1].end, BASE + 16 * PAGE);
	assert_int_equal(out.cursor, BASE + 16 * PAGE);
}

static void regions_are_merged_across_messages(void **state)
{
	const struct pfwalk_region first = pages(0, 2), second = pages(2, 5), other = pages(6, 7);

	(void)state;
	begin(BASE, BASE + 16 * PAGE);
	assert_int_equal(take_records(BASE + 2 * PAGE, &anon, 1, &first, 1), MNL_CB_OK);
	assert_int_equal(take_records(BASE + 5 * PAGE, &anon, 1, &second, 1), MNL_CB_OK);
	assert_int_equal(take_records(BASE + 16 * PAGE, &anon, 1, &other, 1), MNL_CB_OK);
	finish();
	assert_int_equal(told.vmas, 1);
	assert_int_equal(told.regions, 2);
	assert_int_equal(told.region[0].start, BASE);
	assert_int_equal(told.region[0].end, BASE + 5 * PAGE);
	assert_int_equal(told.region[1].start, BASE + 6 * PAGE);
}

static void what_differs_is_not_merged(void **state)
{
	struct pfwalk_region regions[] = { pages(0, 1), pages(1, 2), pages(2, 3), pages(3, 4) };

	(void)state;
	regions[1].kind = PFWALK_PROTNONE;
	regions[2].page = PFWALK_PAGE_KSM;
	regions[3].page = PFWALK_PAGE_KSM;
	regions[3].level = 1;
	begin(BASE, BASE + 16 * PAGE);
	assert_int_equal(take_records(BASE + 16 * PAGE, &anon, 1, regions, 4), MNL_CB_OK);
	finish();
	assert_int_equal(told.regions, 4);
	assert_int_equal(told.region[3].level, LEVEL_PMD);
}

/* Each region comes behind its own mapping. */
static void neighbours_of_two_mappings_are_not_merged(void **state)
{
	struct pfwalk_vma vmas[] = { anon, anon };
	struct pfwalk_region regions[] = { pages(0, 16), pages(16, 32) };

	(void)state;
	vmas[1].start = BASE + 16 * PAGE;
	vmas[1].end = BASE + 32 * PAGE;
	regions[1].vma = 2;
	begin(BASE, BASE + 32 * PAGE);
	assert_int_equal(take_records(BASE + 32 * PAGE, vmas, 2, regions, 2), MNL_CB_OK);
	finish();
	assert_int_equal(told.vmas, 2);
	assert_int_equal(told.regions, 2);
	assert_int_equal(told.vmas_before[0], 1);
	assert_int_equal(told.vmas_before[1], 2);
}

static void a_mapping_that_changed_is_told_again(void **state)
{
	const struct pfwalk_region first = pages(0, 2), second = pages(2, 4);
	struct pfwalk_vma grown = anon;

	(void)state;
	grown.end += PAGE;
	begin(BASE, BASE + 32 * PAGE);
	assert_int_equal(take_records(BASE + 2 * PAGE, &anon, 1, &first, 1), MNL_CB_OK);
	assert_int_equal(take_records(BASE + 4 * PAGE, &grown, 1, &second, 1), MNL_CB_OK);
	finish();
	assert_int_equal(told.vmas, 2);
	assert_int_equal(told.vma[1].end, BASE + 17 * PAGE);
	assert_int_equal(told.regions, 2);
}

static void larger_records_are_stepped_over(void **state)
{
	const struct { struct pfwalk_vma vma; __u64 more; } vmas[] = { { anon, ~0ULL } };
	const struct { struct pfwalk_region region; __u64 more; } regions[] = {
		{ pages(0, 1), ~0ULL }, { pages(5, 6), ~0ULL },
	};
	struct message message;

	(void)state;
	begin(BASE, BASE + 16 * PAGE);
	start(&message, BASE + 16 * PAGE);
	mnl_attr_put_u32(message.nlh, PFWALK_A_VMA_SIZE, sizeof(vmas[0]));
	mnl_attr_put(message.nlh, PFWALK_A_VMAS, sizeof(vmas), vmas);
	mnl_attr_put_u32(message.nlh, PFWALK_A_REGION_SIZE, sizeof(regions[0]));
	mnl_attr_put(message.nlh, PFWALK_A_REGIONS, sizeof(regions), regions);
	assert_int_equal(take(&message), MNL_CB_OK);
	finish();
	assert_int_equal(told.regions, 2);
	assert_int_equal(told.region[1].start, BASE + 5 * PAGE);
}

static void unknown_kinds_are_unknown(void **state)
{
	struct pfwalk_region regions[] = { pages(0, 1), pages(2, 3), pages(4, 5) };

	(void)state;
	regions[0].kind = 200;
	regions[1].page = 200;
	regions[2].kind = PFWALK_NONE;		/* of no level, whatever it says */
	regions[2].level = 2;
	begin(BASE, BASE + 16 * PAGE);
	assert_int_equal(take_records(BASE + 16 * PAGE, &anon, 1, regions, 3), MNL_CB_OK);
	finish();
	assert_int_equal(told.region[0].kind, KIND_OTHER);
	assert_int_equal(told.region[0].page, PAGE_UNKNOWN);
	assert_int_equal(told.region[1].page, PAGE_UNKNOWN);
	assert_int_equal(told.region[2].level, LEVEL_PTE);
}

static void a_message_may_have_nothing_yet(void **state)
{
	struct message message;

	(void)state;
	begin(BASE, BASE + 16 * PAGE);
	start(&message, BASE);
	assert_int_equal(take(&message), MNL_CB_OK);
	assert_int_equal(out.cursor, BASE);
}

static void the_tables_are_those_told_last(void **state)
{
	struct pfwalk_tables sent = { .tables = { 10, 3, 2, 0, 1 }, .reserved = 4 };
	struct message message;

	(void)state;
	begin(BASE, BASE + 16 * PAGE);
	for (int i = 0; i < 2; i++) {
		start(&message, BASE + PAGE);
		mnl_attr_put(message.nlh, PFWALK_A_TABLES, sizeof(sent), &sent);
		assert_int_equal(take(&message), MNL_CB_OK);
		sent.tables[0]++;
	}
	assert_int_equal(tables.pages[LEVEL_PTE], 11);
	assert_int_equal(tables.pages[LEVEL_PMD], 3);
	assert_int_equal(tables.pages[LEVEL_PUD], 2);
	assert_int_equal(tables.pages[LEVEL_P4D], 0);
	assert_int_equal(tables.pages[LEVEL_PGD], 1);
	assert_int_equal(tables.reserved, 4);
	start(&message, BASE + PAGE);
	mnl_attr_put(message.nlh, PFWALK_A_TABLES, sizeof(sent) - 8, &sent);
	assert_int_equal(take(&message), MNL_CB_ERROR);
}

/* ---- what is wrong ---- */

static void a_region_out_of_its_mapping_is_refused(void **state)
{
	struct pfwalk_vma vma = anon;
	struct pfwalk_region region = pages(0, 4);

	(void)state;
	region.vma = 0;
	assert_refused(&anon, 1, &region, 1, "a region of no mapping");
	region.vma = 2;
	assert_refused(&anon, 1, &region, 1, "a region of a mapping that isn't there");
	region.vma = 1;
	vma.start += PAGE;
	assert_refused(&vma, 1, &region, 1, "a region that begins before its mapping");
	vma = anon;
	vma.end = BASE + 3 * PAGE;
	assert_refused(&vma, 1, &region, 1, "a region that ends behind its mapping");
}

static void a_region_out_of_order_is_refused(void **state)
{
	struct pfwalk_region regions[] = { pages(4, 8), pages(7, 9) };
	struct pfwalk_region region;

	(void)state;
	assert_refused(&anon, 1, regions, 2, "a region that overlaps the one before");
	regions[1] = pages(0, 4);
	assert_refused(&anon, 1, regions, 2, "a region below the one before");
	region = pages(4, 4);
	assert_refused(&anon, 1, &region, 1, "an empty region");
	region = pages(4, 3);
	assert_refused(&anon, 1, &region, 1, "a region that ends before it begins");
	region = pages(0, 1);
	region.end += 1;
	assert_refused(&anon, 1, &region, 1, "a region of a part of a page");
	region = pages(0, 1);
	region.level = 3;
	assert_refused(&anon, 1, &region, 1, "a region of a level without leaves");
}

static void a_mapping_that_makes_no_sense_is_refused(void **state)
{
	struct pfwalk_vma vmas[] = { anon, anon };
	struct pfwalk_region region = pages(0, 1);

	(void)state;
	assert_refused(vmas, 2, &region, 1, "a mapping twice");
	vmas[0].end = vmas[0].start;
	assert_refused(vmas, 1, &region, 1, "an empty mapping");
	vmas[0] = anon;
	vmas[0].end++;
	assert_refused(vmas, 1, &region, 1, "a mapping of a part of a page");
	vmas[0].end = ~0xfffULL;
	assert_refused(vmas, 1, &region, 1, "a mapping of the kernel half");
}

static void a_cursor_that_makes_no_sense_is_refused(void **state)
{
	const struct pfwalk_region region = pages(4, 8);
	struct message message;

	(void)state;
	begin(BASE + 4 * PAGE, BASE + 16 * PAGE);
	assert_int_equal(take_records(BASE + 3 * PAGE, &anon, 1, &region, 0), MNL_CB_ERROR);
	begin(BASE + 4 * PAGE, BASE + 16 * PAGE);
	assert_int_equal(take_records(BASE + 17 * PAGE, &anon, 1, &region, 1), MNL_CB_ERROR);
	begin(BASE + 4 * PAGE, BASE + 16 * PAGE);
	assert_int_equal(take_records(BASE + 7 * PAGE, &anon, 1, &region, 1), MNL_CB_ERROR);
	begin(BASE + 5 * PAGE, BASE + 16 * PAGE);
	assert_int_equal(take_records(BASE + 16 * PAGE, &anon, 1, &region, 1), MNL_CB_ERROR);
	begin(BASE, BASE + 16 * PAGE);
	memset(message.buf, 0, sizeof(message.buf));
	message.nlh = mnl_nlmsg_put_header(message.buf);
	mnl_nlmsg_put_extra_header(message.nlh, sizeof(struct genlmsghdr));
	assert_int_equal(take(&message), MNL_CB_ERROR);
}

static void records_of_a_wrong_size_are_refused(void **state)
{
	const struct pfwalk_region region = pages(0, 1);
	struct message message;

	(void)state;
	for (uint32_t size = 0; size < 2 * sizeof(region); size++) {
		if (size == sizeof(region))
			continue;
		begin(BASE, BASE + 16 * PAGE);
		start(&message, BASE + 16 * PAGE);
		put_records(&message, &anon, 1, NULL, 0);
		mnl_attr_put_u32(message.nlh, PFWALK_A_REGION_SIZE, size);
		mnl_attr_put(message.nlh, PFWALK_A_REGIONS, sizeof(region), &region);
		if (take(&message) != MNL_CB_ERROR)
			fail_msg("regions of %u bytes were accepted", size);
	}
	for (size_t len = 1; len < sizeof(anon); len++) {
		begin(BASE, BASE + 16 * PAGE);
		start(&message, BASE + 16 * PAGE);
		mnl_attr_put_u32(message.nlh, PFWALK_A_VMA_SIZE, sizeof(anon));
		mnl_attr_put(message.nlh, PFWALK_A_VMAS, len, &anon);
		mnl_attr_put_u32(message.nlh, PFWALK_A_REGION_SIZE, sizeof(region));
		mnl_attr_put(message.nlh, PFWALK_A_REGIONS, sizeof(region), &region);
		assert_int_equal(take(&message), MNL_CB_ERROR);
	}
}

/* ---- the sink has enough ---- */

static void a_sink_can_end_it(void **state)
{
	const struct pfwalk_region regions[] = { pages(0, 1), pages(2, 3), pages(4, 5) };

	(void)state;
	for (size_t stop_at = 1; stop_at <= 3; stop_at++) {
		begin(BASE, BASE + 16 * PAGE);
		told.stop_at = stop_at;
		assert_int_equal(take_records(BASE + 16 * PAGE, &anon, 1, regions, 3), MNL_CB_ERROR);
		assert_int_equal(errno, ECANCELED);
		assert_int_equal(told.vmas + told.regions, stop_at);
		assert_true(walker.base.error[0]);
	}
}

/* ---- chance ---- */

static uint32_t dice(void)
{
	static uint32_t seed = 20240229;

	seed = seed * 1664525 + 1013904223;
	return seed >> 16;
}

static void assert_sane(void)
{
	for (size_t i = 0; i < told.regions; i++) {
		const struct region *region = &told.region[i];

		assert_true(region->kind <= KIND_BAD && region->page <= PAGE_KERNEL && region->level <= LEVEL_PTE);
		assert_true(region->start < region->end && region->end <= out.end);
		assert_true(told.vmas_before[i] > 0);
		if (i)
			assert_true(region->start >= told.region[i - 1].end);
	}
}

/* Good messages with a few bytes changed: refused or not, nothing is read beyond, and what is told makes sense. */
static void whatever_comes_is_survived(void **state)
{
	unsigned int accepted = 0;

	(void)state;
	for (int round = 0; round < 50000; round++) {
		struct pfwalk_region regions[] = { pages(0, 2), pages(2, 3), pages(3, 9), pages(10, 16) };
		struct message message;

		begin(BASE, BASE + 16 * PAGE);
		start(&message, BASE + 16 * PAGE);
		put_records(&message, &anon, 1, regions, dice() % 5);
		for (unsigned int i = 0, n = dice() % 4; i < n; i++)
			message.buf[20 + dice() % (message.nlh->nlmsg_len - 20)] = dice() % 2 ? dice() % 7 : dice();
		accepted += take(&message) == MNL_CB_OK;
		assert_int_equal(tell_pending(&out), 0);
		assert_sane();
	}
	assert_in_range(accepted, 1000, 49000);	/* both ways were gone */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_told),
		cmocka_unit_test(regions_are_merged_across_messages),
		cmocka_unit_test(what_differs_is_not_merged),
		cmocka_unit_test(neighbours_of_two_mappings_are_not_merged),
		cmocka_unit_test(a_mapping_that_changed_is_told_again),
		cmocka_unit_test(larger_records_are_stepped_over),
		cmocka_unit_test(unknown_kinds_are_unknown),
		cmocka_unit_test(a_message_may_have_nothing_yet),
		cmocka_unit_test(the_tables_are_those_told_last),
		cmocka_unit_test(a_region_out_of_its_mapping_is_refused),
		cmocka_unit_test(a_region_out_of_order_is_refused),
		cmocka_unit_test(a_mapping_that_makes_no_sense_is_refused),
		cmocka_unit_test(a_cursor_that_makes_no_sense_is_refused),
		cmocka_unit_test(records_of_a_wrong_size_are_refused),
		cmocka_unit_test(a_sink_can_end_it),
		cmocka_unit_test(whatever_comes_is_survived),
	};

	return cmocka_run_group_tests_name("walker_kmod_map", tests, make_room, free_room);
}
