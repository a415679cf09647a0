// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE
#include "elf_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#ifndef MFD_NOEXEC_SEAL		/* since Linux 6.3 */
#define MFD_NOEXEC_SEAL 8
#endif

/* ---- the bytes ---- */

static int make_memory_file(void)
{
	const unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create("program", flags | MFD_NOEXEC_SEAL);

	return fd < 0 && errno == EINVAL ? memfd_create("program", flags) : fd;
}

/* All else that libdwfl would read it unpacks first: xz, gzip, bzip2. */
static bool begins_as_elf(const unsigned char *buf, ssize_t n)
{
	return n >= SELFMAG && !memcmp(buf, ELFMAG, SELFMAG);
}

/* It may grow meanwhile. */
static bool copy_bytes(int from, int to, struct elf_copy *copy)
{
	static const char zeros[4096];
	unsigned char buf[65536];
	struct stat stat;
	ssize_t got;

	if (fstat(from, &stat) || !S_ISREG(stat.st_mode) || (uint64_t)stat.st_size > MAX_ELF_BYTES)
		return false;
	copy->bytes = 0;
	copy->checksum = crc32(0, NULL, 0);
	while ((got = pread(from, buf, sizeof(buf), copy->bytes)) > 0) {
		if (!copy->bytes && !begins_as_elf(buf, got))
			return false;
		if (copy->bytes + got > MAX_ELF_BYTES || write(to, buf, got) != got)
			return false;
		copy->checksum = crc32(copy->checksum, buf, got);
		copy->bytes += got;
	}
	/* libdwfl takes it for granted that each name ends. */
	return !got && copy->bytes && write(to, zeros, sizeof(zeros)) == sizeof(zeros);
}

/* ---- the sections ---- */

/* Whether it is a file whose sections may be replaced in place: they lie where libelf looks for them. */
static bool is_program(Elf *elf, GElf_Ehdr *header)
{
	return elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, header) &&
	       (header->e_type == ET_EXEC || header->e_type == ET_DYN) &&
	       (!header->e_shoff || header->e_shentsize == gelf_fsize(elf, ELF_T_SHDR, 1, EV_CURRENT));
}

static bool add(uint64_t *sum, uint64_t bytes)
{
	if (bytes > MAX_ELF_BYTES - *sum)
		return false;
	*sum += bytes;
	return true;
}

/* As compilers did it before SHF_COMPRESSED: "ZLIB", and the size, its highest byte first. */
static uint64_t zdebug_size(Elf_Scn *section)
{
	Elf_Data *data = elf_rawdata(section, NULL);
	const unsigned char *bytes = data ? data->d_buf : NULL;
	uint64_t size = 0;

	if (!bytes || data->d_size < 12 || memcmp(bytes, "ZLIB", 4))
		return 0;
	for (int i = 4; i < 12; i++)
		size = size << 8 | bytes[i];
	return size;
}

static uint64_t unpacked_size(Elf_Scn *section, const GElf_Shdr *header)
{
	GElf_Chdr packed;

	if (header->sh_flags & SHF_COMPRESSED)
		return gelf_getchdr(section, &packed) ? packed.ch_size : 0;
	return header->sh_size;
}

/*
 * What the section's header of its own says: libelf believes it, too, and fails where it isn't true. Nobody compresses
 * symbols or their names; those would have no end behind them.
 */
static bool add_compressed(Elf *elf, uint64_t *sum)
{
	GElf_Shdr header;

	for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));)
		if (gelf_getshdr(section, &header) && header.sh_flags & SHF_COMPRESSED &&
		    (header.sh_type != SHT_PROGBITS || !add(sum, unpacked_size(section, &header))))
			return false;
	return true;
}

static bool remove_section(int fd, Elf *elf, const GElf_Ehdr *header, Elf_Scn *section)
{
	static const char nothing[sizeof(Elf64_Shdr)];
	size_t size = gelf_fsize(elf, ELF_T_SHDR, 1, EV_CURRENT);

	return pwrite(fd, nothing, size, header->e_shoff + elf_ndxscn(section) * size) == (ssize_t)size;
}

/* What a debug file refers to is another file, which libdw would open by a name of anybody's choice. */
static bool is_unwanted(const char *name, uint64_t size)
{
	return !strcmp(name, ".gnu_debugdata") || !strcmp(name, ".gnu_debugaltlink") ||
	       ((!strcmp(name, ".debug_line") || !strcmp(name, ".zdebug_line")) && size > MAX_LINE_BYTES);
}

/* What a section has unpacked that only its name tells to be packed. */
static bool check_section(int fd, Elf *elf, const GElf_Ehdr *elf_header, Elf_Scn *section, const GElf_Shdr *header,
			  const char *name, uint64_t *sum)
{
	bool zdebug = !strncmp(name, ".zdebug", strlen(".zdebug"));
	uint64_t size = zdebug ? zdebug_size(section) : unpacked_size(section, header);

	if (zdebug && !add(sum, size))
		return false;
	return !is_unwanted(name, size) || remove_section(fd, elf, elf_header, section);
}

/* Behind add_compressed(): the names may be compressed, too. */
static bool check_named(int fd, Elf *elf, const GElf_Ehdr *header, uint64_t *sum)
{
	GElf_Shdr section_header;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return true;
	for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));) {
		const char *name = gelf_getshdr(section, &section_header) ?
				   elf_strptr(elf, names, section_header.sh_name) : NULL;

		if (name && !check_section(fd, elf, header, section, &section_header, name, sum))
			return false;
	}
	return true;
}

static bool check_sections(int fd, uint64_t *sum)
{
	Elf *elf = elf_version(EV_CURRENT) ? elf_begin(fd, ELF_C_READ_MMAP, NULL) : NULL;
	GElf_Ehdr header;
	bool ok = elf && is_program(elf, &header) && add_compressed(elf, sum) && check_named(fd, elf, &header, sum);

	elf_end(elf);
	return ok;
}

int elf_copy(int fd, struct elf_copy *copy)
{
	int made = make_memory_file();

	if (made < 0)
		return -1;
	if (copy_bytes(fd, made, copy) && check_sections(made, &copy->bytes) &&
	    !fcntl(made, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL))
		return made;
	close(made);
	return -1;
}
