/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An ELF file, and what it tells of the code in it. */
#ifndef PFWATCH_PROGRAM_FILE_H
#define PFWATCH_PROGRAM_FILE_H

#include <stdbool.h>
#include <stdint.h>

struct program_file;

/*
 * Of what the file has now, whatever becomes of it. Takes fd over. path: what its process calls it, below the directory
 * root: there a separate debug file is looked for. NULL: it isn't ELF, or too large; or out of memory.
 */
struct program_file *program_file_open(int fd, const char *root, const char *path);
void program_file_close(struct program_file *file);

/* The memory that it takes: more after it was asked than before. NULL takes none. */
uint64_t program_file_bytes(const struct program_file *file);

/* Of what is at a place in the file, in bytes from its beginning. The strings live as long as the file does. */
bool program_file_symbol(struct program_file *file, uint64_t offset, const char **name, uint64_t *past);
bool program_file_source(struct program_file *file, uint64_t offset, const char **source, unsigned int *line);

#endif
