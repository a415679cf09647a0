// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "debug_file.h"

#include <elfutils/libdwelf.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "elf_copy.h"
#include "open_regular.h"

#define DEBUG_ROOT "/usr/lib/debug"

/* What is looked for. */
struct wanted {
	const unsigned char *id;	/* the build ID; NULL: the file has none */
	int id_length;
	GElf_Word checksum;
};

static bool has_id(int fd, const struct wanted *wanted)
{
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	const void *id;
	ssize_t length = elf ? dwelf_elf_gnu_build_id(elf, &id) : -1;
	bool same = length > 0 && length == wanted->id_length && !memcmp(id, wanted->id, length);

	elf_end(elf);
	return same;
}

static int copy_if_right(const char *root, const char *path, const struct wanted *wanted, uint64_t *bytes)
{
	int fd = open_regular_below(root, path), copied;
	struct elf_copy copy;

	if (fd < 0)
		return -1;
	copied = elf_copy(fd, &copy);
	close(fd);
	if (copied < 0)
		return -1;
	if (wanted->id ? has_id(copied, wanted) : copy.checksum == wanted->checksum) {
		*bytes = copy.bytes;
		return copied;
	}
	close(copied);
	return -1;
}

static int find_by_id(struct debug_search *search, const struct wanted *wanted, char *path, size_t size)
{
	int at = snprintf(path, size, DEBUG_ROOT "/.build-id/%02x/", wanted->id[0]);

	for (int i = 1; i < wanted->id_length && at < (int)size; i++)
		at += snprintf(path + at, size - at, "%02x", wanted->id[i]);
	if (at + sizeof(".debug") > size)
		return -1;
	strcpy(path + at, ".debug");
	return copy_if_right(search->root, path, wanted, &search->bytes);
}

/* program: its path */
static int find_by_link(struct debug_search *search, const char *program, const char *link, const struct wanted *wanted,
			char *path, size_t size)
{
	static const char *const places[][2] = { { "", "" }, { "", ".debug/" }, { DEBUG_ROOT, "" } };
	const char *slash = strrchr(program, '/');
	int directory = slash ? slash + 1 - program : 0;

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		int length = snprintf(path, size, "%s%.*s%s%s", places[i][0], directory, program, places[i][1], link);
		int fd = length < (int)size ? copy_if_right(search->root, path, wanted, &search->bytes) : -1;

		if (fd >= 0)
			return fd;
	}
	return -1;
}

int debug_file_find(Dwfl_Module *module, void **userdata, const char *name, Dwarf_Addr base, const char *path,
		    const char *link, GElf_Word checksum, char **found)
{
	struct wanted wanted = { .checksum = checksum };
	struct debug_search *search = *userdata;
	char file[PATH_MAX];
	GElf_Addr addr;
	int fd = -1;

	(void)name;
	(void)base;
	wanted.id_length = dwfl_module_build_id(module, &wanted.id, &addr);
	if (wanted.id_length <= 0)
		wanted.id = NULL;
	if (wanted.id)
		fd = find_by_id(search, &wanted, file, sizeof(file));
	if (fd < 0 && path && link && *path == '/' && !strchr(link, '/'))
		fd = find_by_link(search, path, link, &wanted, file, sizeof(file));
	if (fd < 0)
		return -1;
	*found = strdup(file);
	return fd;
}
