// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The reader of the module's replies, against replies that no module sends. Its inside is tested, so it is included.
 */
#include "../../user/walker_kmod.c"

#include "edge.h"

#define ASKED	8
#define HEAD	((unsigned int)sizeof(struct pfwalk_path))

/* ---- replies ---- */

struct bytes {
	size_t len;
	char at[8192];
};

static void add(struct bytes *bytes, const void *mem, size_t len)
{
	assert_true(bytes->len + len <= sizeof(bytes->at));
	memcpy(bytes->at + bytes->len, mem, len);
	bytes->len += len;
}

/* head_size: what the sender takes struct pfwalk_path to be. The entries are 0x1001, 0x1002, ... by their level. */
static void add_record(struct bytes *bytes, struct pfwalk_path head, size_t head_size)
{
	char more[256];

	memset(more, 0xee, sizeof(more));
	add(bytes, &head, head_size < HEAD ? head_size : HEAD);
	if (head_size > HEAD)
		add(bytes, more, head_size - HEAD);
	for (unsigned int i = head.same; i < head.levels; i++)
		add(bytes, &(__u64){ 0x1001 + i }, sizeof(__u64));
}

static const struct pfwalk_path page = { .kind = PFWALK_PAGE, .levels = 4, .value = 0x5000 };

static struct pfwalk_path sharing(unsigned int levels, unsigned int same)
{
	struct pfwalk_path head = page;

	head.levels = levels;
	head.same = same;
	return head;
}

/* The paths behind those that were asked for are a canary. */
struct answers {
	struct resolution r;
	struct path paths[ASKED + 1];
};

static void expect(struct answers *answers, size_t asked)
{
	memset(answers, 0x5a, sizeof(*answers));
	answers->r = (struct resolution){ .paths = answers->paths, .asked = asked, .levels = MAX_LEVELS };
}

static void assert_untouched_behind(const struct answers *answers, size_t n)
{
	const unsigned char *behind = (const unsigned char *)&answers->paths[n];

	for (size_t i = 0; i < sizeof(struct path); i++)
		assert_int_equal(behind[i], 0x5a);
}

static bool take(struct answers *answers, const struct bytes *bytes, size_t head_size)
{
	const struct vma_records none = { .n = 0 };

	return take_paths(&answers->r, at_the_edge(bytes->at, bytes->len), bytes->len, head_size, &none);
}

static void assert_refused(const struct bytes *bytes, size_t asked, const char *what)
{
	struct answers answers;

	expect(&answers, asked);
	if (take(&answers, bytes, HEAD))
		fail_msg("%s was accepted", what);
	assert_true(answers.r.done <= asked);
	assert_untouched_behind(&answers, asked);
}

/* ---- records ---- */

static void a_record_becomes_a_path(void **state)
{
	struct bytes bytes = { 0 };
	struct answers answers;

	(void)state;
	add_record(&bytes, page, HEAD);
	expect(&answers, 1);
	assert_true(take(&answers, &bytes, HEAD));
	assert_int_equal(answers.r.done, 1);
	assert_int_equal(answers.paths[0].levels, 4);
	assert_int_equal(answers.paths[0].kind, KIND_PAGE);
	assert_int_equal(answers.paths[0].state, STATE_MAPPED);
	assert_int_equal(answers.paths[0].value, 0x5000);
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(answers.paths[0].entry[i], 0x1001 + i);
	assert_untouched_behind(&answers, 1);
}

/* What a record leaves out is what the one before it has, also where that one left it out itself. */
static void shared_entries_are_those_of_the_record_before(void **state)
{
	struct bytes bytes = { 0 };
	struct answers answers;

	(void)state;
	add_record(&bytes, page, HEAD);
	add_record(&bytes, sharing(4, 3), HEAD);
	memcpy(bytes.at + bytes.len - 8, &(__u64){ 0xabcd }, 8);
	add_record(&bytes, sharing(4, 4), HEAD);
	add_record(&bytes, sharing(2, 2), HEAD);
	expect(&answers, 4);
	assert_true(take(&answers, &bytes, HEAD));
	assert_int_equal(answers.r.done, 4);
	for (unsigned int i = 0; i < 4; i++) {
		assert_int_equal(answers.paths[1].entry[i], i < 3 ? 0x1001 + i : 0xabcd);
		assert_int_equal(answers.paths[2].entry[i], answers.paths[1].entry[i]);
	}
	assert_int_equal(answers.paths[3].levels, 2);
	assert_int_equal(answers.paths[3].entry[1], 0x1002);
}

static void no_record_at_all_is_no_path(void **state)
{
	struct bytes bytes = { 0 };
	struct answers answers;

	(void)state;
	expect(&answers, ASKED);
	assert_true(take(&answers, &bytes, HEAD));
	assert_int_equal(answers.r.done, 0);
	assert_untouched_behind(&answers, 0);
}

/* At each byte but the one between the two records. */
static void a_cut_off_record_is_refused(void **state)
{
	struct bytes whole = { 0 }, cut;
	size_t first;

	(void)state;
	add_record(&whole, page, HEAD);
	first = whole.len;
	add_record(&whole, sharing(4, 1), HEAD);
	for (size_t len = 1; len < whole.len; len++) {
		cut = whole;
		cut.len = len;
		if (len != first)
			assert_refused(&cut, ASKED, "a cut off record");
	}
}

static void more_levels_than_there_are_are_refused(void **state)
{
	(void)state;
	for (unsigned int levels = MAX_LEVELS + 1; levels <= 255; levels++) {
		struct bytes bytes = { 0 };

		add_record(&bytes, sharing(levels, 0), HEAD);
		assert_refused(&bytes, ASKED, "a record of too many levels");
	}
}

/* levels - same would be negative, and the size of the record with it. */
static void more_shared_entries_than_levels_are_refused(void **state)
{
	(void)state;
	for (unsigned int levels = 0; levels <= MAX_LEVELS; levels++) {
		for (unsigned int same = levels + 1; same <= 255; same++) {
			struct bytes bytes = { 0 };

			add_record(&bytes, sharing(5, 0), HEAD);
			add_record(&bytes, sharing(levels, same), HEAD);
			assert_refused(&bytes, ASKED, "a record with more shared entries than levels");
		}
	}
}

static void more_shared_entries_than_there_were_are_refused(void **state)
{
	(void)state;
	for (unsigned int before = 1; before < MAX_LEVELS; before++) {
		struct bytes bytes = { 0 };

		add_record(&bytes, sharing(before, 0), HEAD);
		add_record(&bytes, sharing(MAX_LEVELS, before + 1), HEAD);
		assert_refused(&bytes, ASKED, "a record that shares what was not there");
	}
}

static void the_first_record_shares_nothing(void **state)
{
	struct bytes bytes = { 0 };

	(void)state;
	add_record(&bytes, sharing(4, 1), HEAD);
	assert_refused(&bytes, ASKED, "a first record that shares");
}

static void more_records_than_asked_for_are_refused(void **state)
{
	struct bytes bytes = { 0 };
	struct answers answers;

	(void)state;
	for (int i = 0; i <= ASKED; i++)
		add_record(&bytes, page, HEAD);
	assert_refused(&bytes, ASKED, "one record too many");
	assert_refused(&bytes, 0, "a record that nobody asked for");
	bytes.len -= bytes.len / (ASKED + 1);
	expect(&answers, ASKED);
	assert_true(take(&answers, &bytes, HEAD));
	assert_untouched_behind(&answers, ASKED);
}

/* A newer module: what its head has behind ours is stepped over. */
static void a_larger_head_is_stepped_over(void **state)
{
	for (unsigned int head = HEAD; head <= HEAD + 64; head += 8) {
		struct bytes bytes = { 0 };
		struct answers answers;

		(void)state;
		add_record(&bytes, page, head);
		add_record(&bytes, sharing(4, 2), head);
		expect(&answers, 2);
		assert_true(take(&answers, &bytes, head));
		assert_int_equal(answers.r.done, 2);
		assert_int_equal(answers.paths[0].entry[3], 0x1004);
		assert_int_equal(answers.paths[1].entry[0], 0x1001);
		assert_int_equal(answers.paths[1].entry[3], 0x1004);
		assert_int_equal(answers.paths[1].value, 0x5000);
	}
}

/* ---- kinds and statuses ---- */

static struct path path_of(struct pfwalk_path head)
{
	struct bytes bytes = { 0 };
	struct answers answers;

	add_record(&bytes, head, HEAD);
	expect(&answers, 1);
	assert_true(take(&answers, &bytes, HEAD));
	return answers.paths[0];
}

static void every_kind_has_its_state(void **state)
{
	static const enum state states[] = {
		[PFWALK_NONE] = STATE_NONE, [PFWALK_PAGE] = STATE_MAPPED, [PFWALK_PROTNONE] = STATE_PROTNONE,
		[PFWALK_SWAP] = STATE_SWAP, [PFWALK_MIGRATION] = STATE_MIGRATION, [PFWALK_HWPOISON] = STATE_HWPOISON,
		[PFWALK_DEVICE_PRIVATE] = STATE_DEVICE, [PFWALK_MARKER] = STATE_MARKER, [PFWALK_OTHER] = STATE_UNKNOWN,
		[PFWALK_BAD] = STATE_UNKNOWN, [PFWALK_TABLE] = STATE_UNKNOWN,
	};

	(void)state;
	for (unsigned int kind = 0; kind <= PFWALK_BAD; kind++) {
		struct pfwalk_path head = page;
		struct path path;

		head.kind = kind;
		head.swap_type = 29;
		path = path_of(head);
		assert_int_equal(path.state, states[kind]);
		assert_int_equal(path.kind, kind);
		assert_int_equal(path.swap_type, 29);
	}
}

/* Names are looked up by them later: what is not known must be unknown, not beyond a table's end. */
static void unknown_kinds_are_unknown(void **state)
{
	(void)state;
	for (unsigned int kind = PFWALK_BAD + 1; kind <= 255; kind++) {
		struct pfwalk_path head = page;
		struct path path;

		head.kind = kind;
		path = path_of(head);
		assert_int_equal(path.state, STATE_UNKNOWN);
		assert_int_equal(path.kind, KIND_OTHER);
		assert_non_null(kind_name(path.kind));
	}
}

static void only_a_finished_walk_is_mapped(void **state)
{
	(void)state;
	for (unsigned int status = 0; status <= 255; status++) {
		struct pfwalk_path head = page;
		bool finished = status == PFWALK_WALKED || status == PFWALK_KERNEL;
		struct path path;

		head.status = status;
		path = path_of(head);
		assert_int_equal(path.state, finished ? STATE_MAPPED :
				 status == PFWALK_NONCANONICAL ? STATE_BAD_ADDRESS : STATE_UNKNOWN);
		assert_int_equal(path.kernel, status == PFWALK_KERNEL);
		assert_int_equal(path.changed, status == PFWALK_CHANGED);
	}
}

static void a_page_that_is_no_memory_is_a_device(void **state)
{
	struct pfwalk_path head = page;

	(void)state;
	head.page = PFWALK_PAGE_DEVICE;
	assert_int_equal(path_of(head).state, STATE_DEVICE);
	assert_int_equal(path_of(head).page, PAGE_DEVICE);
	assert_int_equal(path_of(head).kind, KIND_PAGE);
	head.kind = PFWALK_PROTNONE;
	assert_int_equal(path_of(head).state, STATE_PROTNONE);
	head.kind = PFWALK_NONE;
	assert_int_equal(path_of(head).state, STATE_NONE);
}

static void unknown_kinds_of_pages_are_unknown(void **state)
{
	(void)state;
	for (unsigned int kind = 0; kind <= 255; kind++) {
		struct pfwalk_path head = page;

		head.page = kind;
		assert_int_equal(path_of(head).page, kind <= PFWALK_PAGE_KERNEL ? kind : PAGE_UNKNOWN);
	}
}

static void an_address_that_was_not_walked_has_no_levels(void **state)
{
	const struct path path = path_of((struct pfwalk_path){ .status = PFWALK_NONCANONICAL });

	(void)state;
	assert_int_equal(path.levels, 0);
	assert_int_equal(path.state, STATE_BAD_ADDRESS);
}

/* ---- messages ---- */

struct message {
	struct nlmsghdr *nlh;
	char buf[16384];
};

static void begin(struct message *message)
{
	memset(message->buf, 0, sizeof(message->buf));
	message->nlh = mnl_nlmsg_put_header(message->buf);
	mnl_nlmsg_put_extra_header(message->nlh, sizeof(struct genlmsghdr));
}

static void begin_bare_answer(struct message *message, uint32_t first, uint32_t head, uint64_t time)
{
	begin(message);
	mnl_attr_put_u32(message->nlh, PFWALK_A_FIRST, first);
	mnl_attr_put_u64(message->nlh, PFWALK_A_TIME, time);
	mnl_attr_put_u32(message->nlh, PFWALK_A_HEAD, head);
}

/* All but the paths: no mapping. */
static void begin_answer(struct message *message, uint32_t first, uint32_t head, uint64_t time)
{
	begin_bare_answer(message, first, head, time);
	mnl_attr_put_u32(message->nlh, PFWALK_A_VMA_SIZE, sizeof(struct pfwalk_vma));
	mnl_attr_put(message->nlh, PFWALK_A_VMAS, 0, "");
}

static int deliver(struct answers *answers, const struct message *message)
{
	errno = 0;
	return take_resolved((void *)at_the_edge(message->buf, message->nlh->nlmsg_len), &answers->r);
}

static void assert_bad_message(struct answers *answers, const struct message *message)
{
	assert_int_equal(deliver(answers, message), MNL_CB_ERROR);
	assert_int_equal(errno, EBADMSG);
}

static void a_reply_may_come_in_pieces(void **state)
{
	struct bytes bytes = { 0 };
	struct message message;
	struct answers answers;

	(void)state;
	expect(&answers, 3);
	add_record(&bytes, page, HEAD);
	add_record(&bytes, sharing(4, 3), HEAD);
	begin_answer(&message, 0, HEAD, 1000);
	mnl_attr_put(message.nlh, PFWALK_A_PATHS, bytes.len, bytes.at);
	assert_int_equal(deliver(&answers, &message), MNL_CB_OK);
	assert_int_equal(answers.r.done, 2);
	assert_int_equal(answers.r.time, 1000);
	bytes.len = 0;
	add_record(&bytes, page, HEAD);
	begin_answer(&message, 2, HEAD, 2000);
	mnl_attr_put(message.nlh, PFWALK_A_PATHS, bytes.len, bytes.at);
	assert_int_equal(deliver(&answers, &message), MNL_CB_OK);
	assert_int_equal(answers.r.done, 3);
	assert_untouched_behind(&answers, 3);
}

/* A piece that is missing, or comes twice, would give addresses the paths of others. */
static void a_piece_out_of_turn_is_refused(void **state)
{
	static const uint32_t firsts[] = { 0, 2, 3, UINT32_MAX };
	struct bytes bytes = { 0 };
	struct message message;
	struct answers answers;

	(void)state;
	add_record(&bytes, page, HEAD);
	for (size_t i = 0; i < sizeof(firsts) / sizeof(*firsts); i++) {
		expect(&answers, ASKED);
		answers.r.done = 1;
		begin_answer(&message, firsts[i], HEAD, 0);
		mnl_attr_put(message.nlh, PFWALK_A_PATHS, bytes.len, bytes.at);
		assert_bad_message(&answers, &message);
		assert_int_equal(answers.r.done, 1);
	}
}

/* The record before is in another message, whose bytes are no more what this one counts on. */
static void sharing_across_pieces_is_refused(void **state)
{
	struct bytes bytes = { 0 };
	struct message message;
	struct answers answers;

	(void)state;
	expect(&answers, ASKED);
	add_record(&bytes, page, HEAD);
	begin_answer(&message, 0, HEAD, 0);
	mnl_attr_put(message.nlh, PFWALK_A_PATHS, bytes.len, bytes.at);
	assert_int_equal(deliver(&answers, &message), MNL_CB_OK);
	bytes.len = 0;
	add_record(&bytes, sharing(4, 1), HEAD);
	begin_answer(&message, 1, HEAD, 0);
	mnl_attr_put(message.nlh, PFWALK_A_PATHS, bytes.len, bytes.at);
	assert_bad_message(&answers, &message);
}

/* A head that ends before ours does (or would wrap around) leaves nothing to be read as a path. */
static void a_head_of_a_wrong_size_is_refused(void **state)
{
	static const uint32_t heads[] = { 0, 1, 8, HEAD - 1, 4096, 65536, 0x7fffffff, UINT32_MAX, -HEAD };
	struct bytes bytes = { 0 };
	struct message message;
	struct answers answers;

	(void)state;
	add_record(&bytes, page, HEAD);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		expect(&answers, ASKED);
		begin_answer(&message, 0, heads[i], 0);
		mnl_attr_put(message.nlh, PFWALK_A_PATHS, bytes.len, bytes.at);
		assert_bad_message(&answers, &message);
		assert_untouched_behind(&answers, 0);
	}
}

static void a_message_may_have_no_paths_yet(void **state)
{
	struct message message;
	struct answers answers;

	(void)state;
	expect(&answers, ASKED);
	begin_answer(&message, 0, HEAD, 0);
	assert_int_equal(deliver(&answers, &message), MNL_CB_OK);
	begin_answer(&message, 1, HEAD, 0);
	assert_bad_message(&answers, &message);
	begin(&message);
	assert_bad_message(&answers, &message);
}

static void a_message_without_a_head_size_is_refused(void **state)
{
	struct bytes bytes = { 0 };
	struct message message;
	struct answers answers;

	(void)state;
	add_record(&bytes, page, HEAD);
	expect(&answers, ASKED);
	begin(&message);
	mnl_attr_put(message.nlh, PFWALK_A_PATHS, bytes.len, bytes.at);
	assert_bad_message(&answers, &message);
}

/* A newer module's: read over. */
static void unknown_attributes_are_ignored(void **state)
{
	struct bytes bytes = { 0 };
	struct message message;
	struct answers answers;

	(void)state;
	add_record(&bytes, page, HEAD);
	expect(&answers, ASKED);
	begin_answer(&message, 0, HEAD, 0);
	mnl_attr_put_u32(message.nlh, PFWALK_A_MAX + 1, 42);
	mnl_attr_put(message.nlh, PFWALK_A_PATHS, bytes.len, bytes.at);
	mnl_attr_put_strz(message.nlh, 0x3fff, "news");
	assert_int_equal(deliver(&answers, &message), MNL_CB_OK);
	assert_int_equal(answers.r.done, 1);
}

/* ---- mappings ---- */

#define VMA_SIZE ((unsigned int)sizeof(struct pfwalk_vma))

static const struct pfwalk_vma heap = {
	.start = 0x1000, .end = 0x5000, .flags = PFWALK_VMA_READ | PFWALK_VMA_WRITE | PFWALK_VMA_ANON,
};
static const struct pfwalk_vma library = {
	.start = 0x7000, .end = 0x9000, .offset = 0x3000, .inode = 4711, .dev = 259 << 20 | 7,
	.flags = PFWALK_VMA_READ | PFWALK_VMA_EXEC | PFWALK_VMA_SHARED | PFWALK_VMA_FILE | PFWALK_VMA_UFFD_WP,
};

static struct vma vmas[ASKED + 1];

static void expect_vmas(struct answers *answers, size_t asked)
{
	expect(answers, asked);
	memset(vmas, 0x5a, sizeof(vmas));
	answers->r.vmas = vmas;
}

/* A message of one path, in mapping `number` of n that take `size` bytes each. */
static void put_vma_answer(struct message *message, struct pfwalk_path head, unsigned int number, unsigned int n,
			   unsigned int size)
{
	struct bytes records = { 0 }, paths = { 0 };
	const char more[64] = { 0x77 };

	for (unsigned int i = 0; i < n; i++) {
		add(&records, i % 2 ? &library : &heap, size < VMA_SIZE ? size : VMA_SIZE);
		if (size > VMA_SIZE)
			add(&records, more, size - VMA_SIZE);
	}
	head.vma = number;
	add_record(&paths, head, HEAD);
	begin_bare_answer(message, 0, HEAD, 0);
	mnl_attr_put(message->nlh, PFWALK_A_PATHS, paths.len, paths.at);
	mnl_attr_put_u32(message->nlh, PFWALK_A_VMA_SIZE, size);
	mnl_attr_put(message->nlh, PFWALK_A_VMAS, records.len, records.at);
}

static void a_path_has_its_mapping(void **state)
{
	struct message message;
	struct answers answers;

	(void)state;
	for (unsigned int size = VMA_SIZE; size <= VMA_SIZE + 32; size += 8) {
		expect_vmas(&answers, 1);
		put_vma_answer(&message, page, 2, 3, size);
		assert_int_equal(deliver(&answers, &message), MNL_CB_OK);
		assert_int_equal(vmas[0].start, 0x7000);
		assert_int_equal(vmas[0].end, 0x9000);
		assert_int_equal(vmas[0].offset, 0x3000);
		assert_int_equal(vmas[0].inode, 4711);
		assert_int_equal(vmas[0].major, 259);
		assert_int_equal(vmas[0].minor, 7);
		assert_int_equal(vmas[0].flags, VMA_READ | VMA_EXEC | VMA_SHARED | VMA_FILE | VMA_UFFD_WP);
		assert_string_equal(vmas[0].perm, "r-xs");
		assert_string_equal(vmas[0].name, "");
		assert_int_equal(vmas[1].start, 0x5a5a5a5a5a5a5a5a);
	}
}

static void a_path_in_no_mapping_has_none(void **state)
{
	struct message message;
	struct answers answers;

	(void)state;
	expect_vmas(&answers, 1);
	put_vma_answer(&message, page, 0, 3, VMA_SIZE);
	assert_int_equal(deliver(&answers, &message), MNL_CB_OK);
	assert_int_equal(vmas[0].start, 0);
	assert_int_equal(vmas[0].end, 0);
	assert_string_equal(vmas[0].name, "");
}

static void a_mapping_that_is_not_there_is_refused(void **state)
{
	static const unsigned int numbers[] = { 4, 5, 255, 256, 0x7fff, 0xffff };
	struct message message;
	struct answers answers;

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		expect_vmas(&answers, ASKED);
		put_vma_answer(&message, page, numbers[i], 3, VMA_SIZE);
		assert_bad_message(&answers, &message);
		assert_int_equal(answers.r.done, 0);
	}
	put_vma_answer(&message, page, 1, 0, VMA_SIZE);
	assert_bad_message(&answers, &message);
}

/* The size of a record is what it is stepped by: 0 would be forever, a small one reads beyond the last. */
static void mappings_of_a_wrong_size_are_refused(void **state)
{
	static const uint32_t sizes[] = { 0, 1, 8, VMA_SIZE - 1, VMA_SIZE + 1, 2 * VMA_SIZE, 65536, UINT32_MAX };
	struct message message;
	struct answers answers;
	struct bytes paths = { 0 };

	(void)state;
	add_record(&paths, page, HEAD);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		expect_vmas(&answers, ASKED);
		begin_bare_answer(&message, 0, HEAD, 0);
		mnl_attr_put_u32(message.nlh, PFWALK_A_VMA_SIZE, sizes[i]);
		mnl_attr_put(message.nlh, PFWALK_A_PATHS, paths.len, paths.at);
		mnl_attr_put(message.nlh, PFWALK_A_VMAS, VMA_SIZE, &heap);
		assert_bad_message(&answers, &message);
	}
}

static void a_message_without_mappings_is_refused(void **state)
{
	struct message message;
	struct answers answers;
	struct bytes paths = { 0 };

	(void)state;
	add_record(&paths, page, HEAD);
	expect_vmas(&answers, ASKED);
	begin_bare_answer(&message, 0, HEAD, 0);
	mnl_attr_put(message.nlh, PFWALK_A_PATHS, paths.len, paths.at);
	assert_bad_message(&answers, &message);
	mnl_attr_put_u32(message.nlh, PFWALK_A_VMA_SIZE, VMA_SIZE);
	assert_bad_message(&answers, &message);
}

static void protnone_in_a_mapping_that_allows_access_is_a_numa_hint(void **state)
{
	struct pfwalk_path head = page;
	struct message message;
	struct answers answers;

	(void)state;
	head.kind = PFWALK_PROTNONE;
	for (unsigned int number = 0; number < 2; number++) {
		expect(&answers, 1);			/* nobody asks for the mapping itself */
		put_vma_answer(&message, head, number, 1, VMA_SIZE);
		assert_int_equal(deliver(&answers, &message), MNL_CB_OK);
		assert_int_equal(answers.paths[0].state, STATE_PROTNONE);
		assert_int_equal(answers.paths[0].numa_hint, number);
	}
}

/* ---- the geometry ---- */

static void the_geometry_is_read(void **state)
{
	struct geometry g = { 0 };
	struct message message;
	struct nlattr *nest;

	(void)state;
	begin(&message);
	nest = mnl_attr_nest_start(message.nlh, PFWALK_A_LAYOUT);
	mnl_attr_put_u32(message.nlh, PFWALK_LAYOUT_LEVELS, 5);
	mnl_attr_put_u32(message.nlh, PFWALK_LAYOUT_PAGE_SHIFT, 12);
	mnl_attr_put_u32(message.nlh, PFWALK_LAYOUT_P4D_SHIFT, 39);
	mnl_attr_put_u32(message.nlh, PFWALK_LAYOUT_PTRS_PER_PGD, 512);
	mnl_attr_put_u64(message.nlh, PFWALK_LAYOUT_PFN_MASK, 0xffffffffff000);
	mnl_attr_put_u32(message.nlh, PFWALK_LAYOUT_TASK_SIZE_MAX, 1);	/* of a wrong size */
	mnl_attr_put_u64(message.nlh, PFWALK_LAYOUT_PUD_SHIFT, 30);
	mnl_attr_nest_end(message.nlh, nest);
	assert_int_equal(take_layout((void *)at_the_edge(message.buf, message.nlh->nlmsg_len), &g), MNL_CB_OK);
	assert_int_equal(g.levels, 5);
	assert_int_equal(g.page_shift, 12);
	assert_int_equal(g.shift[LEVEL_PTE], 12);
	assert_int_equal(g.shift[LEVEL_P4D], 39);
	assert_int_equal(g.entries[LEVEL_PGD], 512);
	assert_int_equal(g.pfn_mask, 0xffffffffff000);
	assert_int_equal(g.task_size_max, 0);
	assert_int_equal(g.shift[LEVEL_PUD], 0);
}

/* ---- chance ---- */

static uint32_t dice(void)
{
	static uint32_t seed = 20240229;

	seed = seed * 1664525 + 1013904223;
	return seed >> 16;
}

static void assert_sane(const struct answers *answers)
{
	assert_true(answers->r.done <= ASKED);
	assert_untouched_behind(answers, answers->r.done);
	for (size_t i = 0; i < answers->r.done; i++) {
		assert_true(answers->paths[i].levels <= MAX_LEVELS);
		assert_true(answers->paths[i].kind <= KIND_BAD);
		assert_true(answers->paths[i].page <= PAGE_KERNEL);
		assert_true(answers->paths[i].state <= STATE_BAD_ADDRESS);
	}
}

/* Good records with a few bytes changed and the end cut off: refused or not, nothing is read or written beyond. */
static void whatever_comes_is_survived(void **state)
{
	unsigned int accepted = 0;

	(void)state;
	for (int round = 0; round < 100000; round++) {
		struct bytes bytes = { 0 };
		struct answers answers;

		for (unsigned int i = 0, n = dice() % (ASKED + 1); i < n; i++)
			add_record(&bytes, sharing(dice() % 6, 0), HEAD);
		for (unsigned int i = 0, n = dice() % 4; bytes.len && i < n; i++)
			bytes.at[dice() % bytes.len] = dice() % 3 ? dice() % 7 : dice();
		bytes.len -= dice() % 8 || !bytes.len ? 0 : dice() % bytes.len;
		expect(&answers, ASKED);
		accepted += take(&answers, &bytes, HEAD + 8 * (dice() % 16 == 0));
		assert_sane(&answers);
	}
	assert_in_range(accepted, 1000, 99000);	/* both ways were gone */
}

/* What the last entry of a path is needs a last entry. */
static void no_entry_is_no_page(void **state)
{
	const struct pfwalk_path none = { .kind = PFWALK_PAGE, .levels = 0 };
	struct path path;
	const struct vma_records vmas = { .n = 0 };
	struct resolution r = { .paths = &path, .asked = 1, .levels = MAX_LEVELS };
	struct pfwalk_path head = none;

	(void)state;
	assert_false(take_paths(&r, (const char *)&none, sizeof(none), sizeof(none), &vmas));
	head.status = PFWALK_KERNEL;
	assert_false(take_paths(&r, (const char *)&head, sizeof(head), sizeof(head), &vmas));
	head.status = PFWALK_CHANGED;
	assert_false(take_paths(&r, (const char *)&head, sizeof(head), sizeof(head), &vmas));
}

static void a_path_has_no_more_levels_than_the_kernel(void **state)
{
	const struct { struct pfwalk_path head; __u64 entry[5]; } five = {
		.head = { .kind = PFWALK_PAGE, .levels = 5 },
	};
	struct path path;
	const struct vma_records vmas = { .n = 0 };
	struct resolution r = { .paths = &path, .asked = 1, .levels = 4 };

	(void)state;
	assert_false(take_paths(&r, (const char *)&five, sizeof(five), sizeof(five.head), &vmas));
	r.levels = 5;
	assert_true(take_paths(&r, (const char *)&five, sizeof(five), sizeof(five.head), &vmas));
}

static void a_short_attribute_is_not_read(void **state)
{
	struct message message;
	struct answers answers;

	(void)state;
	expect(&answers, ASKED);
	begin(&message);
	mnl_attr_put(message.nlh, PFWALK_A_TIME, 0, "");
	assert_bad_message(&answers, &message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_becomes_a_path),
		cmocka_unit_test(shared_entries_are_those_of_the_record_before),
		cmocka_unit_test(no_record_at_all_is_no_path),
		cmocka_unit_test(a_cut_off_record_is_refused),
		cmocka_unit_test(more_levels_than_there_are_are_refused),
		cmocka_unit_test(more_shared_entries_than_levels_are_refused),
		cmocka_unit_test(more_shared_entries_than_there_were_are_refused),
		cmocka_unit_test(the_first_record_shares_nothing),
		cmocka_unit_test(more_records_than_asked_for_are_refused),
		cmocka_unit_test(a_larger_head_is_stepped_over),
		cmocka_unit_test(every_kind_has_its_state),
		cmocka_unit_test(unknown_kinds_are_unknown),
		cmocka_unit_test(only_a_finished_walk_is_mapped),
		cmocka_unit_test(a_page_that_is_no_memory_is_a_device),
		cmocka_unit_test(unknown_kinds_of_pages_are_unknown),
		cmocka_unit_test(an_address_that_was_not_walked_has_no_levels),
		cmocka_unit_test(a_reply_may_come_in_pieces),
		cmocka_unit_test(a_piece_out_of_turn_is_refused),
		cmocka_unit_test(sharing_across_pieces_is_refused),
		cmocka_unit_test(a_head_of_a_wrong_size_is_refused),
		cmocka_unit_test(a_message_may_have_no_paths_yet),
		cmocka_unit_test(a_message_without_a_head_size_is_refused),
		cmocka_unit_test(unknown_attributes_are_ignored),
		cmocka_unit_test(a_path_has_its_mapping),
		cmocka_unit_test(a_path_in_no_mapping_has_none),
		cmocka_unit_test(a_mapping_that_is_not_there_is_refused),
		cmocka_unit_test(mappings_of_a_wrong_size_are_refused),
		cmocka_unit_test(a_message_without_mappings_is_refused),
		cmocka_unit_test(protnone_in_a_mapping_that_allows_access_is_a_numa_hint),
		cmocka_unit_test(the_geometry_is_read),
		cmocka_unit_test(whatever_comes_is_survived),
		cmocka_unit_test(no_entry_is_no_page),
		cmocka_unit_test(a_path_has_no_more_levels_than_the_kernel),
		cmocka_unit_test(a_short_attribute_is_not_read),
	};

	return cmocka_run_group_tests_name("walker_kmod", tests, make_room, free_room);
}
