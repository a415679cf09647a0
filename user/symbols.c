// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE
#include "symbols.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "open_regular.h"
#include "program_file.h"

#define MAX_FILES	64
#define PLACES		16384		/* a power of two */
#define MAX_VDSO	(1UL << 20)

/* A file by its number; one that was changed since is another one. The vDSO has its checksum for a number. */
struct key {
	uint64_t inode, size, changed;
	uint32_t major, minor;
};

struct known_file {
	struct key key;
	struct program_file *file;	/* NULL: it is none that tells anything */
	uint64_t used;
};

struct known_place {
	uint64_t ip, version;		/* version 0: nothing */
	bool returns;
	struct code_place place;
};

struct symbols {
	struct strings *strings;
	struct known_file file[MAX_FILES];
	size_t n;
	uint64_t clock;
	struct known_place *place;	/* by a hash; a newer one takes the place of an older one */
};

struct symbols *symbols_new(struct strings *strings)
{
	struct symbols *symbols = calloc(1, sizeof(*symbols));

	if (!symbols)
		return NULL;
	symbols->strings = strings;
	symbols->place = calloc(PLACES, sizeof(*symbols->place));
	if (symbols->place)
		return symbols;
	free(symbols);
	return NULL;
}

void symbols_free(struct symbols *symbols)
{
	if (!symbols)
		return;
	for (size_t i = 0; i < symbols->n; i++)
		program_file_close(symbols->file[i].file);
	free(symbols->place);
	free(symbols);
}

/* ---- files ---- */

/*
 * The file that is mapped, whatever has become of its name and wherever that name means something: removed, replaced,
 * in another mount namespace.
 */
static int open_mapped(uint32_t pid, const struct vma *vma)
{
	char name[128];

	snprintf(name, sizeof(name), "/proc/%u/map_files/%llx-%llx", pid, (unsigned long long)vma->start,
		 (unsigned long long)vma->end);
	return open_regular(name);
}

/* Where that is not allowed: by its name in the process' eyes, if it is the same file still. */
static int open_named(uint32_t pid, const struct vma *vma)
{
	struct stat stat;
	char root[64];
	int fd;

	snprintf(root, sizeof(root), "/proc/%u/root", pid);
	fd = open_regular_below(root, vma->name);
	if (fd >= 0 && (fstat(fd, &stat) || stat.st_ino != vma->inode || major(stat.st_dev) != vma->major ||
			minor(stat.st_dev) != vma->minor)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int open_file(uint32_t pid, const struct vma *vma, struct key *key)
{
	struct stat stat;
	int fd = open_mapped(pid, vma);

	if (fd < 0)
		fd = open_named(pid, vma);
	if (fd < 0)
		return -1;
	if (fstat(fd, &stat)) {
		close(fd);
		return -1;
	}
	key->size = stat.st_size;
	key->changed = stat.st_mtim.tv_sec * 1000000000ULL + stat.st_mtim.tv_nsec;
	return fd;
}

/* The kernel's own code in each process is a complete ELF file; it has to be copied to be one. */
static int copy_vdso(uint32_t pid, const struct vma *vma, struct key *key)
{
	size_t size = vma->end - vma->start;
	char name[64], *image = size <= MAX_VDSO ? malloc(size) : NULL;
	int fd = -1, memory;

	snprintf(name, sizeof(name), "/proc/%u/mem", pid);
	memory = image ? open(name, O_RDONLY | O_CLOEXEC) : -1;
	if (memory >= 0 && pread(memory, image, size, vma->start) == (ssize_t)size) {
		*key = (struct key){ .size = size, .inode = 0xcbf29ce484222325 };
		for (size_t i = 0; i < size; i++)
			key->inode = (key->inode ^ (unsigned char)image[i]) * 0x100000001b3;
		fd = memfd_create("vdso", MFD_CLOEXEC);
	}
	if (fd >= 0 && write(fd, image, size) != (ssize_t)size) {
		close(fd);
		fd = -1;
	}
	if (memory >= 0)
		close(memory);
	free(image);
	return fd;
}

static bool is_vdso(const struct vma *vma)
{
	return !strcmp(vma->name, "[vdso]");
}

/* What a key says of a file that can no longer be opened: the process is gone, and it can't have changed since. */
static bool is_same(const struct key *known, const struct key *key, bool opened)
{
	return known->inode == key->inode && known->major == key->major && known->minor == key->minor &&
	       (!opened || (known->size == key->size && known->changed == key->changed));
}

static struct known_file *find_known(struct symbols *symbols, const struct key *key, bool opened)
{
	for (size_t i = 0; i < symbols->n; i++)
		if (is_same(&symbols->file[i].key, key, opened))
			return &symbols->file[i];
	return NULL;
}

/* A new one takes the place of the one that was not asked for the longest. */
static struct known_file *make_known(struct symbols *symbols, const struct key *key)
{
	struct known_file *known = &symbols->file[0];

	if (symbols->n < MAX_FILES) {
		known = &symbols->file[symbols->n++];
	} else {
		for (size_t i = 1; i < symbols->n; i++)
			if (symbols->file[i].used < known->used)
				known = &symbols->file[i];
		program_file_close(known->file);
	}
	*known = (struct known_file){ .key = *key };
	return known;
}

static struct program_file *find_file(struct symbols *symbols, uint32_t pid, const struct vma *vma)
{
	struct key key = { .inode = vma->inode, .major = vma->major, .minor = vma->minor };
	int fd = is_vdso(vma) ? copy_vdso(pid, vma, &key) : open_file(pid, vma, &key);
	struct known_file *known = find_known(symbols, &key, fd >= 0);
	char root[64];

	if (!known && fd < 0)
		return NULL;
	if (!known) {
		known = make_known(symbols, &key);
		snprintf(root, sizeof(root), "/proc/%u/root", pid);
		known->file = program_file_open(fd, root, vma->name);
	} else if (fd >= 0) {
		close(fd);
	}
	known->used = ++symbols->clock;
	return known->file;
}

/* ---- places ---- */

static void look_up(struct symbols *symbols, const struct code_query *query, struct code_place *place)
{
	const struct vma *vma = query->vma;
	uint64_t at = query->ip - query->returns - vma->start + vma->offset;
	struct program_file *file;
	const char *name;

	if (!(vma->flags & VMA_FILE) && !is_vdso(vma))
		return;
	place->module = strings_keep(symbols->strings, vma->name);
	place->offset = at + query->returns;
	file = find_file(symbols, query->pid, vma);
	if (!file)
		return;
	if (program_file_symbol(file, at, &name, &place->past)) {
		place->symbol = strings_keep(symbols->strings, name);
		place->past += query->returns;
	}
	if (program_file_source(file, at, &name, &place->line))
		place->source = strings_keep(symbols->strings, name);
}

void symbols_find(struct symbols *symbols, const struct code_query *query, struct code_place *place)
{
	uint64_t hash = (query->ip ^ query->version << 32) * 0x9e3779b97f4a7c15;
	struct known_place *known = &symbols->place[hash >> 40 & (PLACES - 1)];

	if (known->version != query->version || known->ip != query->ip || known->returns != query->returns) {
		*known = (struct known_place){
			.ip = query->ip, .version = query->version, .returns = query->returns,
		};
		look_up(symbols, query, &known->place);
	}
	*place = known->place;
}
