// SPDX-License-Identifier: GPL-2.0-only
/* insmod pfwalk.ko pid=PID va=ADDR: the geometry and the path of one address in the kernel log, for teaching. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "batch.h"
#include "oneshot.h"
#include "space.h"

/* A batch of one address, and room for its record. */
struct one {
	struct batch batch;
	struct record_head head;
	u64 value;
	u64 entry[WALK_MAX_LEVELS];
};

/* The levels from above, as the kernel names them. The P4D is one of them only where there are five. */
static const char *const level_names[] = { "pgd", "p4d", "pud", "pmd", "pte" };

static unsigned int level_of(unsigned int i)
{
	return walk_levels() == 4 && i > 0 ? i + 1 : i;
}

static unsigned int index_in_table(u64 addr, unsigned int level)
{
	return addr >> (PAGE_SHIFT + (ARRAY_SIZE(level_names) - 1 - level) * ilog2(PTRS_PER_PTE)) & (PTRS_PER_PTE - 1);
}

static void log_geometry(void)
{
	struct walk_layout l;

	walk_get_layout(&l);
	pr_info("PAGE_OFFSET = 0x%llx\n", l.page_offset);
	pr_info("PGDIR_SHIFT = %u\n", l.pgdir_shift);
	pr_info("P4D_SHIFT = %u\n", l.p4d_shift);
	pr_info("PUD_SHIFT = %u\n", l.pud_shift);
	pr_info("PMD_SHIFT = %u\n", l.pmd_shift);
	pr_info("PAGE_SHIFT = %u\n", l.page_shift);
	pr_info("PTRS_PER_PGD = %u\n", l.ptrs_per_pgd);
	pr_info("PTRS_PER_P4D = %u\n", l.ptrs_per_p4d);
	pr_info("PTRS_PER_PUD = %u\n", l.ptrs_per_pud);
	pr_info("PTRS_PER_PMD = %u\n", l.ptrs_per_pmd);
	pr_info("PTRS_PER_PTE = %u\n", l.ptrs_per_pte);
	pr_info("PAGE_MASK = 0x%lx\n", PAGE_MASK);
}

static void log_level(unsigned int level, u64 entry, unsigned int index)
{
	pr_info("%s_val = 0x%llx\n", level_names[level], entry);
	pr_info("%s_index = %u\n", level_names[level], index);
}

/* With four levels the kernel's P4D is the PGD entry under another name, as a table of one. */
static void log_entries(const struct walk_path *path, u64 addr)
{
	unsigned int i;

	for (i = 0; i < path->levels; i++) {
		unsigned int level = level_of(i);
		/* With four levels the PGD spans what the P4D would. */
		unsigned int table = walk_levels() == 4 && !i ? 1 : level;

		log_level(level, path->entry[i], index_in_table(addr, table));
		if (walk_levels() == 4 && !i)
			log_level(1, path->entry[i], 0);
	}
}

static void log_page(const struct walk_path *path, u64 addr)
{
	u64 size = 1ULL << (PAGE_SHIFT + (walk_levels() - path->levels) * ilog2(PTRS_PER_PTE));
	u64 offset = addr & (size - 1);

	pr_info("page_addr = 0x%llx, page_offset = 0x%llx\n", path->leaf.value, offset);
	pr_info("virtual address 0x%llx in RAM Page is 0x%llx\n", addr, path->leaf.value | offset);
}

/* What an entry that maps nothing holds instead. */
static void log_not_mapped(const struct walk_path *path)
{
	const char *level = level_names[level_of(path->levels - 1)];
	u64 value = path->leaf.value;

	pr_info("Not mapped in %s.\n", level);
	switch (path->leaf.kind) {
	case WALK_SWAP:
		pr_info("%s is a swap entry: type = %u, offset = %llu\n", level, path->leaf.swap_type, value);
		break;
	case WALK_MIGRATION:
		pr_info("%s is a migration entry of the page at 0x%llx\n", level, value);
		break;
	case WALK_HWPOISON:
		pr_info("%s is a hwpoison entry of the page at 0x%llx\n", level, value);
		break;
	case WALK_DEVICE_PRIVATE:
		pr_info("%s is a device's private page at 0x%llx\n", level, value);
		break;
	case WALK_MARKER:
		pr_info("%s is a marker: 0x%llx\n", level, value);
		break;
	case WALK_OTHER:
	case WALK_BAD:
		pr_info("%s is not present and not empty\n", level);
		break;
	}
}

static void log_path(const struct walk_path *path, u64 addr)
{
	if (path->status == WALK_NONCANONICAL) {
		pr_info("va 0x%llx is not canonical: no address with %u paging levels\n", addr, walk_levels());
		return;
	}
	log_entries(path, addr);
	if (path->status == WALK_CHANGED)
		pr_info("the tables changed while they were read\n");
	else if (path->leaf.kind == WALK_PAGE || path->leaf.kind == WALK_PROTNONE)
		log_page(path, addr);
	else
		log_not_mapped(path);
}

/* Tries for a second: somebody may hold the process' lock. */
static int walk_patiently(struct mm_struct *mm, u64 addr, struct batch *batch)
{
	unsigned long end = jiffies + HZ;
	int err;

	do
		err = batch_walk(mm, &addr, 1, batch);
	while (err == -EAGAIN && time_before(jiffies, end) && !schedule_timeout_killable(1));
	return err;
}

/* The first record of a batch has all its entries. */
static struct walk_path path_of(const struct one *one)
{
	struct walk_path path = {
		.leaf = { .value = one->value, .kind = one->head.kind, .swap_type = one->head.swap_type },
		.levels = one->head.levels,
		.status = one->head.status,
	};

	memcpy(path.entry, one->entry, sizeof(path.entry));
	return path;
}

static void walk_and_log(struct mm_struct *mm, u64 addr)
{
	struct one *one = kzalloc(sizeof(*one), GFP_KERNEL);
	struct walk_path path;
	int err = -ENOMEM;

	if (one) {
		one->batch.at = (u8 *)&one->head;
		one->batch.end = (u8 *)(&one->entry + 1);
		err = walk_patiently(mm, addr, &one->batch);
	}
	if (err) {
		pr_info("va 0x%llx was not walked: %s\n", addr,
			err == -EAGAIN ? "somebody holds the process' mmap lock" : "out of memory");
	} else {
		path = path_of(one);
		log_path(&path, addr);
	}
	kfree(one);
}

static struct mm_struct *mm_of(unsigned int nr)
{
	struct pid *pid = find_get_pid(nr);
	struct mm_struct *mm;
	u64 any_space = 0;

	if (!pid)
		return ERR_PTR(-ESRCH);
	mm = space_get(pid, &any_space);
	put_pid(pid);
	return mm;
}

/*
 * What the parameters ask for. They are words, not numbers, so that a bad one is said here and doesn't fail the load.
 * Runs in insmod's context: the PID is one of its namespace.
 */
void oneshot(const char *pid, const char *va)
{
	struct mm_struct *mm;
	unsigned int nr;
	u64 addr;

	if (!pid && !va)
		return;
	log_geometry();
	if (!pid || kstrtouint(pid, 0, &nr) || !nr || nr > INT_MAX) {
		pr_info("pid=%s is not a process: pid=PID va=ADDR names one and an address\n", pid ?: "");
		return;
	}
	if (!va || kstrtoull(va, 0, &addr)) {
		pr_info("va=%s is not an address: decimal, or hexadecimal with 0x\n", va ?: "");
		return;
	}
	mm = mm_of(nr);
	if (IS_ERR(mm)) {
		pr_info("pid %u: %s\n", nr, PTR_ERR(mm) == -ESRCH ? "no such process" :
			"no address space (a kernel thread, or the process has exited)");
		return;
	}
	walk_and_log(mm, addr);
	space_put(mm);
}
