// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "program_file.h"

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "debug_file.h"
#include "elf_copy.h"

/* More than programs of MAX_ELF_BYTES have; to sort these takes a quarter of a second. */
#define MAX_SYMBOLS	(1 << 20)
/* A longer one is no name; of those at one address this much is compared. */
#define MAX_NAME	4096
#define COMPARED	64
/* Units of a program that has no index of them: as many are looked through. */
#define MAX_UNITS	4096
/* What is made to be read slowly is read no longer than this, ns. */
#define MAX_TIME	500000000ULL

struct symbol {
	uint64_t start, size;
	const char *name;
	unsigned char rank;	/* of those at one address, the highest is the one to show */
};

struct program_file {
	Dwfl_Callbacks callbacks;
	Dwfl *dwfl;
	Dwfl_Module *module;
	struct debug_search search;
	uint64_t bytes;		/* of the file itself */
	struct symbol *symbol;	/* by address; only functions, and what may be one */
	size_t n;
	bool sorted;		/* the symbols are there */
};

/* libdwfl asks for it where no file was given. */
static int find_no_elf(Dwfl_Module *module, void **userdata, const char *name, Dwarf_Addr base, char **path, Elf **elf)
{
	(void)module;
	(void)userdata;
	(void)name;
	(void)base;
	(void)path;
	(void)elf;
	return -1;
}

/* At no address: what libdwfl calls an address is then one of the file. */
static bool report(struct program_file *file, int fd, const char *path)
{
	void **userdata;

	file->dwfl = dwfl_begin(&file->callbacks);
	if (file->dwfl)
		file->module = dwfl_report_elf(file->dwfl, path, path, fd, 0, true);
	if (!file->module) {
		close(fd);
		return false;
	}
	dwfl_report_end(file->dwfl, NULL, NULL);
	if (dwfl_module_info(file->module, &userdata, NULL, NULL, NULL, NULL, NULL, NULL))
		*userdata = &file->search;
	return true;
}

struct program_file *program_file_open(int fd, const char *root, const char *path)
{
	struct program_file *file = calloc(1, sizeof(*file));
	struct elf_copy made = { 0 };
	int copy = file ? elf_copy(fd, &made) : -1;

	close(fd);
	if (copy < 0) {
		free(file);
		return NULL;
	}
	file->callbacks.find_elf = find_no_elf;
	file->callbacks.find_debuginfo = debug_file_find;
	file->bytes = made.bytes;
	file->search.root = strdup(root);
	if (report(file, copy, path) && file->search.root)
		return file;
	program_file_close(file);
	return NULL;
}

void program_file_close(struct program_file *file)
{
	if (!file)
		return;
	if (file->dwfl)
		dwfl_end(file->dwfl);
	free(file->search.root);
	free(file->symbol);
	free(file);
}

uint64_t program_file_bytes(const struct program_file *file)
{
	return !file ? 0 : file->bytes + file->search.bytes + file->n * sizeof(*file->symbol);
}

/* The address that a place in the file has in libdwfl's eyes. */
static bool address_of(const struct program_file *file, uint64_t offset, uint64_t *addr)
{
	GElf_Addr bias;
	Elf *elf = dwfl_module_getelf(file->module, &bias);
	GElf_Phdr header;
	size_t n;

	if (!elf || elf_getphdrnum(elf, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!gelf_getphdr(elf, i, &header) || header.p_type != PT_LOAD || offset < header.p_offset ||
		    offset - header.p_offset >= header.p_filesz)
			continue;
		*addr = offset - header.p_offset + header.p_vaddr + bias;
		return true;
	}
	return false;
}

/* ---- symbols ---- */

static int by_start(const void *a, const void *b)
{
	const struct symbol *one = a, *other = b;

	if (one->start != other->start)
		return one->start < other->start ? -1 : 1;
	if (one->rank != other->rank)
		return one->rank < other->rank ? -1 : 1;
	return -strncmp(one->name, other->name, COMPARED);
}

/* A global name is one that people know; one with a size is certainly no mere label. */
static unsigned char rank_of(const GElf_Sym *sym)
{
	unsigned char bind = GELF_ST_BIND(sym->st_info);

	return (sym->st_size ? 4 : 0) + (bind == STB_GLOBAL ? 2 : bind == STB_WEAK ? 1 : 0);
}

static void take_symbol(struct program_file *file, int i)
{
	GElf_Word section;
	GElf_Addr addr;
	GElf_Sym sym;
	const char *name = dwfl_module_getsym_info(file->module, i, &sym, &addr, &section, NULL, NULL);
	unsigned char type;

	if (!name || !*name || section == SHN_UNDEF || section == SHN_ABS || strnlen(name, MAX_NAME) == MAX_NAME)
		return;
	type = GELF_ST_TYPE(sym.st_info);
	if (type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_NOTYPE)
		return;
	file->symbol[file->n++] = (struct symbol){
		.start = addr, .size = sym.st_size, .name = name, .rank = rank_of(&sym),
	};
}

/* libdwfl looks through all symbols at each question: too long for a stream. */
static void sort_symbols(struct program_file *file)
{
	int n = dwfl_module_getsymtab(file->module);
	uint64_t end = clock_now() + MAX_TIME;

	file->sorted = true;
	if (n <= 0 || n > MAX_SYMBOLS)
		return;
	file->symbol = malloc(n * sizeof(*file->symbol));
	if (!file->symbol)
		return;
	for (int i = 0; i < n && clock_now() < end; i++)
		take_symbol(file, i);
	qsort(file->symbol, file->n, sizeof(*file->symbol), by_start);
}

/* The last symbol that begins at addr or before. */
static const struct symbol *last_before(const struct program_file *file, uint64_t addr)
{
	size_t low = 0, high = file->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (file->symbol[middle].start <= addr)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &file->symbol[low - 1] : NULL;
}

static bool holds(const struct symbol *symbol, uint64_t addr)
{
	return addr - symbol->start < symbol->size;
}

/*
 * The innermost one that holds the address. Code by hand has symbols without a size: such a one counts up to the next,
 * if no other holds the address. What lies behind a function's end is not the function's.
 */
static const struct symbol *find_symbol(const struct program_file *file, uint64_t addr)
{
	const struct symbol *last = last_before(file, addr), *symbol = last;

	for (unsigned int tries = 16; symbol && tries; tries--) {
		if (holds(symbol, addr))
			return symbol;
		symbol = symbol > file->symbol ? symbol - 1 : NULL;
	}
	return last && !last->size ? last : NULL;
}

bool program_file_symbol(struct program_file *file, uint64_t offset, const char **name, uint64_t *past)
{
	const struct symbol *symbol;
	uint64_t addr;

	if (!address_of(file, offset, &addr))
		return false;
	if (!file->sorted)
		sort_symbols(file);
	symbol = find_symbol(file, addr);
	if (!symbol)
		return false;
	*name = symbol->name;
	*past = addr - symbol->start;
	return true;
}

/* ---- lines ---- */

/* The unit that the address is in, where there is no index (.debug_aranges): clang makes none. */
static Dwarf_Die *find_unit(struct program_file *file, uint64_t addr, Dwarf_Addr *bias)
{
	uint64_t end = clock_now() + MAX_TIME;
	Dwarf_Die *unit = NULL;

	for (unsigned int n = 0; n < MAX_UNITS && clock_now() < end; n++) {
		unit = dwfl_module_nextcu(file->module, unit, bias);
		if (!unit || dwarf_haspc(unit, addr - *bias) == 1)
			return unit;
	}
	return NULL;
}

static bool find_line(struct program_file *file, uint64_t addr, const char **source, int *line)
{
	Dwfl_Line *found = dwfl_module_getsrc(file->module, addr);
	Dwarf_Addr bias;
	Dwarf_Die *unit;
	Dwarf_Line *in_unit;

	if (found) {
		*source = dwfl_lineinfo(found, NULL, line, NULL, NULL, NULL);
		return *source;
	}
	unit = find_unit(file, addr, &bias);
	in_unit = unit ? dwarf_getsrc_die(unit, addr - bias) : NULL;
	*source = in_unit ? dwarf_linesrc(in_unit, NULL, NULL) : NULL;
	return *source && !dwarf_lineno(in_unit, line);
}

/* Line 0 is what a compiler writes for code of no line. */
bool program_file_source(struct program_file *file, uint64_t offset, const char **source, unsigned int *line)
{
	const char *slash;
	uint64_t addr;
	int number = 0;

	if (!address_of(file, offset, &addr) || !find_line(file, addr, source, &number) || number <= 0)
		return false;
	slash = strrchr(*source, '/');
	*source = slash ? slash + 1 : *source;
	*line = number;
	return true;
}
