// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "path.h"

#define BIT(n)		(1ULL << (n))
#define ENTRY_WRITE	BIT(1)
#define ENTRY_PSE	BIT(7)
#define ENTRY_NX	BIT(63)

enum level path_level(const struct geometry *geometry, unsigned int i)
{
	return geometry->levels == 4 && i > 0 ? i + 1 : i;
}

unsigned int level_index(const struct geometry *geometry, enum level level, uint64_t addr)
{
	return (addr >> geometry->shift[level]) & (geometry->entries[level] - 1);
}

enum kind path_kind(const struct path *path, unsigned int i)
{
	return i + 1 == path->levels ? path->kind : KIND_TABLE;
}

bool path_has_page(const struct path *path)
{
	return path->state == STATE_MAPPED || path->state == STATE_PROTNONE || path->state == STATE_DEVICE;
}

/* Only of a path that has a page. */
uint64_t path_page_size(const struct geometry *geometry, const struct path *path)
{
	return 1ULL << geometry->shift[path_level(geometry, path->levels - 1)];
}

uint64_t path_phys(const struct geometry *geometry, const struct path *path, uint64_t addr)
{
	return path->value | (addr & (path_page_size(geometry, path) - 1));
}

/*
 * Whether an access by its owner would go through without a fault, by the leaf alone: in user space's half Linux
 * never denies an access higher up (the NX of a PGD entry is page-table isolation's, and not in the copy that user
 * mode runs on).
 */
bool path_allows(const struct path *path, bool write, bool exec)
{
	uint64_t leaf;

	if (path->state != STATE_MAPPED)
		return false;
	leaf = path->entry[path->levels - 1];
	return (!write || leaf & ENTRY_WRITE) && (!exec || !(leaf & ENTRY_NX));
}

bool state_is_error(enum state state)
{
	return state >= STATE_NO_PROCESS;
}

const char *level_name(enum level level)
{
	static const char *const names[] = { "PGD", "P4D", "PUD", "PMD", "PTE" };

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
	static const char *const names[] = {
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
	switch (size) {
	case BIT(12): return "4K";
	case BIT(21): return "2M";
	case BIT(30): return "1G";
	default: return "?";
	}
}

/*
 * The bits of an x86-64 entry that have a meaning in it (Intel SDM vol. 3, 4.5). A not present entry has none: its bits
 * are the swap code's. PROT_NONE keeps the others, for the day the access comes back.
 */
size_t entry_flags(enum level level, enum kind kind, uint64_t entry, const char *names[MAX_FLAGS])
{
	static const struct { uint64_t bit; const char *name; } both[] = {
		{ BIT(0), "present" }, { BIT(1), "write" }, { BIT(2), "user" }, { BIT(3), "pwt" }, { BIT(4), "pcd" },
		{ BIT(5), "accessed" }, { BIT(6), "dirty" },
	};
	static const char *const pkeys[] = {
		NULL, "pkey1", "pkey2", "pkey3", "pkey4", "pkey5", "pkey6", "pkey7",
		"pkey8", "pkey9", "pkey10", "pkey11", "pkey12", "pkey13", "pkey14", "pkey15",
	};
	bool leaf = kind == KIND_PAGE || kind == KIND_PROTNONE;
	size_t n = 0, i;

	if (!leaf && kind != KIND_TABLE && kind != KIND_BAD)
		return 0;
	for (i = 0; i < sizeof(both) / sizeof(*both); i++)
		if (entry & both[i].bit)
			names[n++] = both[i].name;
	if (leaf && level != LEVEL_PTE && entry & ENTRY_PSE)
		names[n++] = "huge";
	if (leaf && entry & (level == LEVEL_PTE ? BIT(7) : BIT(12)))
		names[n++] = "pat";
	if (kind == KIND_PAGE && entry & BIT(8))
		names[n++] = "global";
	if (leaf && pkeys[entry >> 59 & 15])
		names[n++] = pkeys[entry >> 59 & 15];
	if (entry & ENTRY_NX)
		names[n++] = "nx";
	return n;
}
