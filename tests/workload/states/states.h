/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the makers of states share: memory, what the kernel says of it elsewhere, and telling what is to be expected. */
#ifndef STATES_H
#define STATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE		4096UL
#define MIB		(1UL << 20)
#define HUGE		(2 * MIB)
#define GIB		(1UL << 30)

/* --- telling --- */

/*
 * One line: NAME PID ADDRESS and what a resolver has to say of the address, as KEY=VALUE words: those of the format,
 * and phys, swap and node as the kernel tells them (/proc/self/pagemap, move_pages()). The last two words are the
 * caller's own knowledge if they stand in the format already.
 */
void expect(const char *name, const void *addr, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A state that this kernel or machine can't make. Always with the reason. */
void skip(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- memory --- */

/* Private and anonymous, in small pages, aligned to 2 MiB, nothing in it. NULL after skip(name). */
char *small_pages(const char *name, size_t size);
/* The same, but each 2 MiB may become one huge page. */
char *huge_pages(const char *name, size_t size);
/* At this address and nowhere else. NULL after skip(name). */
char *pages_at(const char *name, uint64_t addr, size_t size);
/* A shared mapping of a new memfd. NULL after skip(name). */
char *memfd_pages(const char *name, size_t size, unsigned int flags);

void write_pages(volatile char *memory, size_t size, size_t step);
void read_pages(const volatile char *memory, size_t size, size_t step);

/* --- what the kernel says --- */

#define PAGEMAP_PRESENT	(1ULL << 63)
#define PAGEMAP_SWAP	(1ULL << 62)
#define PAGEMAP_PFN(e)	((e) & ((1ULL << 55) - 1))

uint64_t pagemap(const void *addr);
/* The node of a page, or -1. */
int node_of(const void *addr);
/* The first mapping whose name this is in /proc/self/maps, or NULL. */
char *mapping_named(const char *name);
/* A number of /proc/self/smaps for the mapping that addr lies in, kB. */
unsigned long smaps_kb(const void *addr, const char *key);
bool is_pfnmap(const void *addr);	/* by the flags of its mapping: VM_PFNMAP */
bool five_levels(void);
/* "shmem" or "file": what the file system of a file keeps its pages in. */
const char *page_cache_kind(const char *file);

/* Settings of the kernel: a string into a file; the number in one. False, -1: no such file. */
bool set(const char *file, const char *value);
long get(const char *file);

/* --- the makers, each run in a process of its own --- */

void make_holes(void);
void make_anonymous(void);
void make_areas(void);
void make_files(void);
void make_shmem(void);
void make_soft_dirty(void);
void make_thp(void);
void make_hugetlb(void);
void make_gigantic(void);
void make_shared_pmd(void);
void make_swap(void);
void make_poison(void);
void make_guard(void);
void make_uffd(void);
void make_uffd_markers(void);
void make_uffd_poison(void);
void make_pkeys(void);
void make_ksm(void);
void make_frames(void);
void make_nodes(void);
void make_numa_hint(void);

#endif
