// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "path.h"

#define BIT(n)		(1ULL << (n))
#define ENTRY_USER	BIT(2)
#define ENTRY_PSE	BIT(7)
#define ENTRY_UFFD	BIT(10)

/* PTE_MARKER_* of the kernel. */
#define MARKER_UFFD_WP	BIT(0)
#define MARKER_POISONED	BIT(1)
#define MARKER_GUARD	BIT(2)

/*
 * All levels have to allow a write and user mode, and none may forbid execution. But the NX of the top level's entry
 * of a user address is none of the process': page-table isolation sets it in the copy of the PGD that the kernel runs
 * on, which is the one that is walked, lest the kernel execute user memory (arch/x86/mm/pti.c). User mode runs on the
 * other copy.
 */
bool path_rights(const struct path *path, struct access_rights *rights)
{
	*rights = (struct access_rights){ true, true, true };
	if (path->kind != KIND_PAGE || !path_has_page(path) || !path->levels)
		return false;
	for (unsigned int i = 0; i < path->levels; i++) {
		rights->write &= !!(path->entry[i] & ENTRY_WRITE);
		rights->user &= !!(path->entry[i] & ENTRY_USER);
		if (i || path->kernel)
			rights->exec &= !(path->entry[i] & ENTRY_NX);
	}
	return true;
}

/*
 * The kernel takes the access away from a page of a mapping that allows it to see who comes for the page: NUMA
 * balancing does; and userfaultfd in its read-write-protect mode, which sets its own bit (v7.3).
 */
bool path_is_numa_hint(const struct path *path, bool mapping_allows_access)
{
	return path->state == STATE_PROTNONE && path->levels && !path->kernel && mapping_allows_access &&
	       !(path->entry[path->levels - 1] & ENTRY_UFFD);
}

/*
 * Whether two paths of one address end in the same entry. The bits that come and go while the entry stays what it is
 * don't count: accessed, dirty, and what the kernel keeps of the latter. A walker that sees no entries tells where they
 * lead to.
 */
bool path_is_same(const struct path *path, const struct path *other)
{
	const uint64_t traces = BIT(5) | BIT(6) | BIT(11) | BIT(58);
	uint64_t differ;

	if (!path->levels || !other->levels)
		return path->state == other->state && path->value == other->value;
	if (path->levels != other->levels)
		return false;
	differ = path->entry[path->levels - 1] ^ other->entry[other->levels - 1];
	return !(differ & (path->entry[path->levels - 1] & ENTRY_PRESENT ? ~traces : ~0ULL));
}

bool state_is_error(enum state state)
{
	return state >= STATE_NO_PROCESS;
}

const char *level_name(enum level level)
{
	static const char names[][PADDED_NAME] = { "PGD", "P4D", "PUD", "PMD", "PTE" };

	return names[level];
}

const char *level_short_name(enum level level)
{
	static const char *const names[] = { "pgd", "p4d", "pud", "pmd", "pte" };

	return names[level];
}

/* The words of the interface; where it has none for a kind, the state tells more. */
const char *kind_name(enum kind kind)
{
	static const char names[][PADDED_NAME] = {
		[KIND_NONE] = "none", [KIND_TABLE] = "table", [KIND_PAGE] = "page", [KIND_PROTNONE] = "protnone",
		[KIND_SWAP] = "swap", [KIND_MIGRATION] = "migration", [KIND_HWPOISON] = "hwpoison",
		[KIND_DEVICE] = "page", [KIND_MARKER] = "marker", [KIND_OTHER] = "bad", [KIND_BAD] = "bad",
	};

	return names[kind];
}

const char *state_name(enum state state)
{
	static const char *const names[] = {
		[STATE_MAPPED] = "mapped", [STATE_NONE] = "none", [STATE_SWAP] = "swap",
		[STATE_MIGRATION] = "migration", [STATE_HWPOISON] = "hwpoison", [STATE_PROTNONE] = "protnone",
		[STATE_MARKER] = "marker", [STATE_DEVICE] = "device", [STATE_UNKNOWN] = "unknown",
		[STATE_NO_PROCESS] = "no-process", [STATE_NO_MM] = "no-mm", [STATE_BAD_ADDRESS] = "bad-address",
	};

	return names[state];
}

const char *page_size_name(uint64_t size)
{
	static const char names[][PADDED_NAME] = { "?", "4K", "2M", "1G" };

	return names[size == BIT(12) ? 1 : size == BIT(21) ? 2 : size == BIT(30) ? 3 : 0];
}

const char *page_kind_name(enum page_kind kind)
{
	static const char *const names[] = {
		[PAGE_UNKNOWN] = NULL, [PAGE_ANON] = "anon", [PAGE_FILE] = "file", [PAGE_SHMEM] = "shmem",
		[PAGE_KSM] = "ksm", [PAGE_ZERO] = "zero", [PAGE_HUGETLB] = "hugetlb", [PAGE_PFNMAP] = "pfnmap",
		[PAGE_DEVICE] = "device", [PAGE_KERNEL] = "kernel",
	};

	return names[kind];
}

size_t path_markers(const struct path *path, const char *names[MAX_MARKERS])
{
	size_t n = 0;

	if (path->value & MARKER_UFFD_WP)
		names[n++] = "uffd-wp";
	if (path->value & MARKER_POISONED)
		names[n++] = "poisoned";
	if (path->value & MARKER_GUARD)
		names[n++] = "guard";
	return n;
}

/* ---- flags ---- */

struct flag {
	uint64_t bit;
	const char *name;
};

static size_t add_flags(const struct flag *flags, size_t n, uint64_t entry, const char **names)
{
	size_t added = 0;

	for (size_t i = 0; i < n; i++)
		if (entry & flags[i].bit)
			names[added++] = flags[i].name;
	return added;
}

#define ADD_FLAGS(flags, entry, names) add_flags(flags, sizeof(flags) / sizeof(*(flags)), entry, names)

/*
 * Bit 58 is _PAGE_SAVED_DIRTY since v6.6 (a dirty page that is read-only must not look like a shadow stack), and was
 * _PAGE_DEVMAP before. No memory of these kinds was ever the latter.
 */
static bool may_be_saved_dirty(const struct path *path)
{
	return path->page == PAGE_ANON || path->page == PAGE_SHMEM || path->page == PAGE_KSM ||
	       path->page == PAGE_ZERO || path->page == PAGE_HUGETLB;
}

/*
 * What Linux keeps in the bits of a user leaf that the processor ignores. In a kernel leaf the same bits mean other
 * things, which differ from version to version (CPA's test, since v7.3 "must not become large"), so they have no name.
 * PROT_NONE leaves the meaning of userfaultfd's bit open: write-protected or, since v7.3, read-write-protected.
 */
static size_t add_software_flags(const struct path *path, uint64_t entry, const char **names)
{
	static const struct flag software[] = { { BIT(9), "special" }, { BIT(11), "soft-dirty" } };
	size_t n = ADD_FLAGS(software, entry, names);

	if (entry & ENTRY_UFFD)
		names[n++] = path->kind == KIND_PROTNONE ? "uffd" : "uffd-wp";
	if (entry & BIT(58) && may_be_saved_dirty(path))
		names[n++] = "saved-dirty";
	return n;
}

static size_t add_pkey(uint64_t entry, const char **names)
{
	static const char *const pkeys[] = {
		NULL, "pkey1", "pkey2", "pkey3", "pkey4", "pkey5", "pkey6", "pkey7",
		"pkey8", "pkey9", "pkey10", "pkey11", "pkey12", "pkey13", "pkey14", "pkey15",
	};

	if (!pkeys[entry >> 59 & 15])
		return 0;
	names[0] = pkeys[entry >> 59 & 15];
	return 1;
}

/* PROT_NONE keeps what an entry has for the day when the access comes back. Bit 8 is then what marks it. */
static size_t add_leaf_flags(const struct path *path, enum level level, uint64_t entry, const char **names)
{
	size_t n = 0;

	if (level != LEVEL_PTE && entry & ENTRY_PSE)
		names[n++] = "huge";
	if (entry & (level == LEVEL_PTE ? BIT(7) : BIT(12)))
		names[n++] = "pat";
	if (path->kind == KIND_PAGE && entry & BIT(8))
		names[n++] = "global";
	if (path->kernel)
		return n;
	n += add_software_flags(path, entry, names + n);
	return n + add_pkey(entry, names + n);
}

/*
 * A swap entry's own: bits 1 to 3 are no part of its type and offset (arch/x86/include/asm/pgtable_64.h). Bit 3 is
 * unused before v5.19, and of use for what is really swapped out alone.
 */
static size_t add_swap_flags(enum kind kind, uint64_t entry, const char **names)
{
	static const struct flag swap[] = {
		{ BIT(1), "soft-dirty" }, { BIT(2), "uffd" }, { BIT(3), "exclusive" },
	};

	return add_flags(swap, kind == KIND_SWAP ? 3 : 2, entry, names);
}

/*
 * The bits of an x86-64 entry that have a meaning in it (Intel SDM vol. 3, 4.5). A bit for memory encryption (SME's C,
 * TDX's shared) has no name: where it is, and whether, user space can't know.
 */
size_t path_flags(const struct geometry *geometry, const struct path *path, unsigned int i,
		  const char *names[MAX_FLAGS])
{
	static const struct flag all[] = {
		{ BIT(0), "present" }, { BIT(1), "write" }, { BIT(2), "user" }, { BIT(3), "pwt" }, { BIT(4), "pcd" },
		{ BIT(5), "accessed" }, { BIT(6), "dirty" },
	};
	enum kind kind = path_kind(path, i);
	uint64_t entry = path->entry[i];
	size_t n;

	switch (kind) {
	case KIND_TABLE:
	case KIND_BAD:
	case KIND_PAGE:
	case KIND_PROTNONE:
		n = ADD_FLAGS(all, entry, names);
		if (kind == KIND_PAGE || kind == KIND_PROTNONE)
			n += add_leaf_flags(path, path_level(geometry, i), entry, names + n);
		if (entry & ENTRY_NX)
			names[n++] = "nx";
		return n;
	case KIND_SWAP:
	case KIND_MIGRATION:
	case KIND_DEVICE:
		return add_swap_flags(kind, entry, names);
	default:
		return 0;
	}
}
