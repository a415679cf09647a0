// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "swap_types.h"

#include <bpf/btf.h>
#include <errno.h>
#include <linux/userfaultfd.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TYPES 32

/* As many as any kernel has: hwpoison 1, migration 3, devices 4, marker 1, swap-in error 1. */
#define MOST_SPECIAL 10

static struct type_range take_types(unsigned int *next, unsigned int n)
{
	struct type_range range = { *next, n };

	*next += n;
	return range;
}

/* The special ones are the last of all types, in this order. */
struct swap_types swap_types_of(const struct swap_facts *facts)
{
	unsigned int migrations, devices, markers, next;
	struct swap_types types = { .areas = TYPES - MOST_SPECIAL };

	if (!facts)
		return types;
	migrations = facts->migration ? 2 + facts->exclusive_migration : 0;
	devices = facts->device_private ? 2 + facts->exclusive_devices : 0;
	markers = facts->marker;
	next = TYPES - facts->memory_failure - migrations - devices - markers - facts->swapin_error;
	types.areas = next;
	types.hwpoison = take_types(&next, facts->memory_failure);
	types.migration = take_types(&next, migrations);
	types.device = take_types(&next, devices);
	types.device.n = devices ? 2 : 0;	/* what a device has for itself is of no kind of ours */
	types.marker = take_types(&next, markers);
	return types;
}

static bool is_in(const struct type_range *range, unsigned int type)
{
	return type >= range->first && type - range->first < range->n;
}

enum kind swap_types_kind(const struct swap_types *types, unsigned int type)
{
	if (type < types->areas)
		return KIND_SWAP;
	if (is_in(&types->hwpoison, type))
		return KIND_HWPOISON;
	if (is_in(&types->migration, type))
		return KIND_MIGRATION;
	if (is_in(&types->device, type))
		return KIND_DEVICE;
	return is_in(&types->marker, type) ? KIND_MARKER : KIND_OTHER;
}

/* ---- what the running kernel has ---- */

/* Functions that are compiled under a configuration option, members that came with a type. */
enum hint {
	HINT_MIGRATE_PAGES, HINT_MEMORY_FAILURE, HINT_REQUEST_FREE_MEM, HINT_EXCLUSIVE_RANGE, HINT_EXCLUSIVE,
	HINT_ANON_EXCLUSIVE, HINT_RSS_STAT, HINTS,
};

static unsigned int hint_of_function(const char *name)
{
	static const char *const names[] = {
		[HINT_MIGRATE_PAGES] = "migrate_pages", [HINT_MEMORY_FAILURE] = "memory_failure",
		[HINT_REQUEST_FREE_MEM] = "devm_request_free_mem_region",
		[HINT_EXCLUSIVE_RANGE] = "make_device_exclusive_range", [HINT_EXCLUSIVE] = "make_device_exclusive",
	};

	for (unsigned int i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i]))
			return i;
	return HINTS;
}

static bool has_enumerator(const struct btf *btf, const struct btf_type *type, const char *name)
{
	const struct btf_enum *enumerator = btf_enum(type);

	for (unsigned int i = 0; i < btf_vlen(type); i++)
		if (!strcmp(btf__name_by_offset(btf, enumerator[i].name_off), name))
			return true;
	return false;
}

static unsigned int hint_of(const struct btf *btf, const struct btf_type *type)
{
	const char *name = btf__name_by_offset(btf, type->name_off);

	if (btf_is_func(type))
		return hint_of_function(name);
	if (btf_is_enum(type) && !strcmp(name, "pageflags") && has_enumerator(btf, type, "PG_anon_exclusive"))
		return HINT_ANON_EXCLUSIVE;
	if (btf_is_struct(type) && !strcmp(name, "mm_rss_stat"))
		return HINT_RSS_STAT;
	return HINTS;
}

static bool look_for_hints(bool hint[HINTS + 1])
{
	struct btf *btf = btf__load_vmlinux_btf();

	if (!btf)
		return false;
	for (unsigned int id = 1; id < btf__type_cnt(btf); id++)
		hint[hint_of(btf, btf__type_by_id(btf, id))] = true;
	btf__free(btf);
	return true;
}

/*
 * Whether userfaultfd write-protects files' memory: what markers were made for. As long as they were an option
 * (CONFIG_PTE_MARKER), it was this one that selected them.
 */
static bool has_file_write_protection(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	int fd = syscall(SYS_userfaultfd, 0);
	bool has;

	if (fd < 0)
		return false;
	has = !ioctl(fd, UFFDIO_API, &api) && api.features & UFFD_FEATURE_WP_HUGETLBFS_SHMEM;
	close(fd);
	return has;
}

/*
 * By commits: exclusive devices b756a3b5e7ea (v5.14), in one type instead of two c25465eb7630 (v6.15, where
 * make_device_exclusive_range() lost its last word); exclusive migration 6c287605fd56 (v5.19, which brought
 * PG_anon_exclusive); markers 679d10331910 and swap-in errors 9f186f9e5fa9 (v5.19), markers always there
 * ca92ea3dc5a2, and swap-in errors one of them 15520a3f0469 (v6.2, where struct mm_rss_stat went).
 */
static struct swap_facts facts_of(const bool hint[HINTS + 1])
{
	bool v5_19 = hint[HINT_ANON_EXCLUSIVE], v6_2 = v5_19 && !hint[HINT_RSS_STAT];
	struct swap_facts facts = {
		.migration = hint[HINT_MIGRATE_PAGES], .exclusive_migration = v5_19,
		.memory_failure = hint[HINT_MEMORY_FAILURE], .marker = v6_2,
		.device_private = hint[HINT_EXCLUSIVE] || hint[HINT_EXCLUSIVE_RANGE] ||
				  (!v5_19 && hint[HINT_REQUEST_FREE_MEM]),
		.exclusive_devices = hint[HINT_EXCLUSIVE] ? 1 : hint[HINT_EXCLUSIVE_RANGE] ? 2 : 0,
		.swapin_error = v5_19 && !v6_2,
	};

	if (v5_19 && !v6_2)
		facts.marker = has_file_write_protection();
	return facts;
}

bool swap_facts_read(struct swap_facts *facts)
{
	bool hint[HINTS + 1] = { false };

	if (!look_for_hints(hint))
		return false;
	*facts = facts_of(hint);
	return true;
}
