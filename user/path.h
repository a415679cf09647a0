/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The model of a page-table path: what the walkers find and the renderers show. */
#ifndef PFWATCH_PATH_H
#define PFWATCH_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_LEVELS 5

enum level { LEVEL_PGD, LEVEL_P4D, LEVEL_PUD, LEVEL_PMD, LEVEL_PTE };

/* What an entry is. */
enum kind {
	KIND_NONE, KIND_TABLE, KIND_PAGE, KIND_PROTNONE, KIND_SWAP, KIND_MIGRATION, KIND_HWPOISON, KIND_DEVICE,
	KIND_MARKER, KIND_OTHER, KIND_BAD,
};

/* What an address is: the states of the interface. From STATE_NO_PROCESS on: there is no answer. */
enum state {
	STATE_MAPPED, STATE_NONE, STATE_SWAP, STATE_MIGRATION, STATE_HWPOISON, STATE_PROTNONE, STATE_MARKER,
	STATE_DEVICE, STATE_UNKNOWN, STATE_NO_PROCESS, STATE_NO_MM, STATE_BAD_ADDRESS,
};

/* What the page behind an entry is to the process. */
enum page_kind {
	PAGE_UNKNOWN, PAGE_ANON, PAGE_FILE, PAGE_SHMEM, PAGE_KSM, PAGE_ZERO, PAGE_HUGETLB, PAGE_PFNMAP, PAGE_DEVICE,
	PAGE_KERNEL,
};

/* The paging geometry of a kernel. Shifts and table sizes by enum level; a folded P4D has one entry. */
struct geometry {
	unsigned int levels;	/* 4 or 5 */
	unsigned int page_shift;
	unsigned int shift[MAX_LEVELS];
	unsigned int entries[MAX_LEVELS];
	uint64_t page_offset, vmalloc_start, vmemmap_start, task_size_max, pfn_mask;
};

struct path {
	uint64_t entry[MAX_LEVELS];	/* from the PGD downwards */
	uint64_t value;		/* by kind of the last entry: physical address of the page, or swap offset, or marker */
	union {
		struct {
			uint8_t levels;		/* entries in it; 0: the walker sees none */
			uint8_t kind;		/* enum kind of the last entry; those before are tables */
			uint8_t state;		/* enum state */
			uint8_t swap_type;
			uint8_t page;		/* enum page_kind, where the path has a page */
			bool kernel;		/* of an address of the kernel half: best effort */
			bool changed;		/* the tables changed under the walk: the state is unknown */
			bool numa_hint;		/* PROT_NONE in a mapping that allows access: set to see who uses the page */
		};
		uint64_t traits;	/* all of these, to compare them at once */
	};
};

_Static_assert(sizeof(struct path) == MAX_LEVELS * sizeof(uint64_t) + 2 * sizeof(uint64_t), "traits has them all");

/* What all levels together allow, if there is a page. */
struct access_rights {
	bool write, user, exec;
};

/* Bits of an entry (Intel SDM vol. 3, 4.5). */
#define ENTRY_PRESENT	(1ULL << 0)
#define ENTRY_WRITE	(1ULL << 1)
#define ENTRY_NX	(1ULL << 63)

/* What each fault is asked for several times stands here, where it takes no call. */

/* Which level the entry i of a path is of; four have no P4D. */
static inline enum level level_of(unsigned int levels, unsigned int i)
{
	return levels == 4 && i > 0 ? i + 1 : i;
}

static inline enum level path_level(const struct geometry *geometry, unsigned int i)
{
	return level_of(geometry->levels, i);
}

static inline unsigned int level_index(const struct geometry *geometry, enum level level, uint64_t addr)
{
	return (addr >> geometry->shift[level]) & (geometry->entries[level] - 1);
}

static inline enum kind path_kind(const struct path *path, unsigned int i)
{
	return i + 1 == path->levels ? path->kind : KIND_TABLE;
}

static inline bool path_has_page(const struct path *path)
{
	return path->state == STATE_MAPPED || path->state == STATE_PROTNONE || path->state == STATE_DEVICE;
}

/* Of a path that has a page, as path_phys(). The size is 0 where no entry tells it. */
static inline uint64_t path_page_size(const struct geometry *geometry, const struct path *path)
{
	if (!path->levels)
		return 0;
	return 1ULL << geometry->shift[path_level(geometry, path->levels - 1)];
}

static inline uint64_t path_phys(const struct geometry *geometry, const struct path *path, uint64_t addr)
{
	uint64_t size = path_page_size(geometry, path);

	return path->value | (addr & ((size ? size : 1ULL << geometry->page_shift) - 1));
}

/* Its last entry; 0 if there is none. */
static inline uint64_t path_leaf(const struct path *path)
{
	return path->levels ? path->entry[path->levels - 1] : 0;
}

/*
 * Whether an access by its owner would go through without a fault, by the leaf alone: in user space's half Linux
 * never denies an access higher up (the NX of a PGD entry is page-table isolation's, and not in the copy that user
 * mode runs on). That a page is there is all that a path without entries tells: it counts as leave.
 */
static inline bool path_allows(const struct path *path, bool write, bool exec)
{
	uint64_t leaf;

	if (path->kind != KIND_PAGE || (path->state != STATE_MAPPED && path->state != STATE_DEVICE))
		return false;
	if (!path->levels)
		return true;
	leaf = path->entry[path->levels - 1];
	return (!write || leaf & ENTRY_WRITE) && (!exec || !(leaf & ENTRY_NX));
}

bool path_rights(const struct path *path, struct access_rights *rights);
bool path_is_numa_hint(const struct path *path, bool mapping_allows_access);
bool path_is_same(const struct path *path, const struct path *other);
bool state_is_error(enum state state);

/* So many bytes belong to a name, what is behind its end is 0: who stores many can store them whole. */
#define PADDED_NAME 16
const char *level_name(enum level level);
const char *kind_name(enum kind kind);
const char *page_size_name(uint64_t size);

const char *level_short_name(enum level level);
const char *state_name(enum state state);
const char *page_kind_name(enum page_kind kind);	/* NULL: unknown */

/* The names of the bits that are set and mean something in entry i of a path. */
#define MAX_FLAGS	16
size_t path_flags(const struct geometry *geometry, const struct path *path, unsigned int i,
		  const char *names[MAX_FLAGS]);

/* It looks at no other bits of an entry of that level, of whatever kind that is. */
static inline uint64_t path_flag_bits(enum level level)
{
	return level == LEVEL_PTE ? 0xfc00000000000fff : 0xfc00000000001fff;
}

/* The names of a path whose state is STATE_MARKER. */
#define MAX_MARKERS	3
size_t path_markers(const struct path *path, const char *names[MAX_MARKERS]);

#endif
