// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What is recalled is what would be found: of many faults that differ in one thing or another, over and over. */
#include "cause_memo.h"
#include "fixture.h"
#include "pick.h"

#define FAULTS	400000
#define BASE	0x7f0000200000ULL

static const uint64_t leaves[] = {
	0x1000 | PAGE_RW | NX, 0x2000 | PAGE_RW | NX, 0x1000 | PAGE_RO | NX, 0x1000 | PAGE_RO,
	0x1234000 | PAGE_RO | NX | 0x200, 0x1000 | PAGE_RW | NX | 0x400,
};

static struct path make_path(bool none)
{
	struct path path = { .levels = none ? 2 + pick() % 3 : 3 + pick() % 2, .kind = KIND_PAGE, .state = STATE_MAPPED };
	uint64_t leaf = PICK(leaves);

	path.changed = !(pick() % 16);
	if (none) {
		path.kind = KIND_NONE;
		path.state = STATE_NONE;
		return path;
	}
	path.page = pick() % 8 ? PAGE_UNKNOWN : PAGE_ZERO;
	path.entry[path.levels - 1] = leaf | (path.levels == 3 ? 0x80 : 0);
	path.value = leaf & 0xffffffffff000;
	return path;
}

/* What the walker found: mostly what the fault left, and what it knows of the page. */
static struct path make_after(const struct fault *fault)
{
	static const uint8_t pages[] = { PAGE_ANON, PAGE_ZERO, PAGE_FILE, PAGE_SHMEM, PAGE_HUGETLB, PAGE_UNKNOWN };
	struct path path = fault->left;

	if (fault->walk_status != WALK_OK && fault->walk_status != WALK_STALE)
		return (struct path){ .levels = 0 };
	if (!(pick() % 4))
		path = make_path(false);
	path.page = PICK(pages);
	return path;
}

static struct vma make_vma(void)
{
	static const uint64_t starts[] = { 0, BASE, BASE + 0x1000, BASE - 0x200000 };
	static const uint32_t flags[] = {
		VMA_READ | VMA_WRITE | VMA_ANON, VMA_READ | VMA_ANON, VMA_READ | VMA_WRITE | VMA_FILE,
		VMA_READ | VMA_WRITE | VMA_ANON | VMA_NOHUGEPAGE, VMA_READ | VMA_WRITE | VMA_SHMEM | VMA_SHARED,
		VMA_READ | VMA_WRITE | VMA_ANON | VMA_GROWSDOWN, VMA_READ | VMA_WRITE | VMA_HUGETLB | VMA_SHARED,
		VMA_READ | VMA_WRITE | VMA_ANON | VMA_UFFD_MISSING,
	};
	struct vma vma = { .start = PICK(starts), .flags = PICK(flags) };

	vma.end = vma.start ? vma.start + (pick() % 2 ? 0x400000 : 0x5000) : 0;
	return vma;
}

static struct fault make_fault(void)
{
	static const uint64_t addrs[] = {
		BASE, BASE + 0x1000, BASE + 0x1ff000, BASE + 0x200000, BASE + 0x2000000, 0x7ffffffff000, 0x7fffffffe000,
		0xffff888000001000,
	};
	static const uint32_t errors[] = { 4, 6, 0x14, 7, 0, 2, 0x26 };
	static const uint8_t walks[] = { WALK_NONE, WALK_GONE, WALK_OK, WALK_OK, WALK_STALE, WALK_FAILED };
	struct fault fault = {
		.addr = PICK(addrs), .error_code = PICK(errors), .result = pick() % 4 ? RESULT_MINOR : pick() % RESULTS,
		.walk_status = PICK(walks), .kernel_mode = !(pick() % 8), .has_before = pick() % 16,
		.has_left = pick() % 16, .has_said = pick() % 4, .has_vma = pick() % 16, .has_growth = true,
		.grew = !(pick() % 16), .unfinished = !(pick() % 32), .said = pick() % 8 ? 0 : SAID_RETRY,
	};

	fault.before = make_path(pick() % 4);
	fault.left = make_path(!(pick() % 8));
	fault.vma = make_vma();
	fault.after = make_after(&fault);
	return fault;
}

/* One thing is as it is of another fault. */
static void change(struct fault *fault, const struct fault *other)
{
	switch (pick() % 13) {
	case 0: fault->addr = other->addr; break;
	case 1: fault->error_code = other->error_code; break;
	case 2: fault->result = other->result; break;
	case 3: fault->walk_status = other->walk_status; fault->after = other->after; break;
	case 12: fault->after = make_after(fault); break;
	case 4: fault->kernel_mode = other->kernel_mode; break;
	case 5: fault->before = other->before; break;
	case 6: fault->left = other->left; break;
	case 7: fault->vma.start = other->vma.start; break;
	case 8: fault->vma.end = other->vma.end; break;
	case 9: fault->vma.flags = other->vma.flags; break;
	case 10: fault->grew = other->grew; break;
	case 11: fault->has_vma = other->has_vma; break;
	}
}

static void assert_recalled(struct cause_memo *memo, const struct fault *fault, const struct geometry *geometry)
{
	struct cause recalled, found;

	cause_recall(memo, fault, geometry, &recalled);
	cause_find(fault, geometry, &found);
	assert_int_equal(recalled.word, found.word);
	assert_true(recalled.facts == found.facts);
}

/* Each time what is like the one before but for one thing: whatever the memo doesn't look at, it gets wrong. */
static void what_is_recalled_is_what_would_be_found(void **state)
{
	struct geometry geometry = four_levels;
	struct cause_memo memo = { 0 };

	(void)state;
	geometry.task_size_max = 0x7ffffffff000;
	for (unsigned int i = 0; i < FAULTS; i++) {
		const struct fault other = make_fault();
		struct fault fault = make_fault();

		assert_recalled(&memo, &fault, &geometry);
		change(&fault, &other);
		assert_recalled(&memo, &fault, &geometry);
	}
}

/* A thousand first touches of one mapping: the memo is looked into, and not made anew. */
static void what_is_alike_is_known(void **state)
{
	struct fault fault = make_fault();
	struct cause_memo memo = { 0 }, known;

	(void)state;
	fault.walk_status = WALK_OK;
	fault.before = make_path(true);
	fault.left = make_path(false);
	fault.left.changed = fault.before.changed = false;
	fault.has_left = true;
	fault.grew = false;
	fault.after = fault.left;
	fault.after.page = PAGE_ANON;
	assert_recalled(&memo, &fault, &four_levels);
	known = memo;
	for (unsigned int i = 0; i < 512; i++) {
		fault.addr = (fault.addr & ~0x1fffffULL) | i << 12;
		assert_recalled(&memo, &fault, &four_levels);
	}
	assert_memory_equal(&memo, &known, sizeof(memo));
	assert_true(memo.known[(fault.addr >> 21) % KNOWN_CAUSES].cause.facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_recalled_is_what_would_be_found),
		cmocka_unit_test(what_is_alike_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
