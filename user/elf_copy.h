/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copies of ELF files that others may write, or have made to be hard to read. */
#ifndef PFWATCH_ELF_COPY_H
#define PFWATCH_ELF_COPY_H

#include <stdint.h>

/* With its compressed sections unpacked. To read more takes longer than one would wait for. */
#define MAX_ELF_BYTES (64UL << 20)

/* Of .debug_line, a byte of which may become some sixty when it is read. */
#define MAX_LINE_BYTES (8UL << 20)

struct elf_copy {
	uint64_t bytes;		/* with its compressed sections unpacked */
	uint32_t checksum;	/* CRC-32 of the file, as .gnu_debuglink has it */
};

/*
 * A sealed memory file with what fd, a regular file, has now: libelf maps what it reads, and a file that somebody else
 * cuts off would be a SIGBUS. Without .gnu_debugdata, of which nothing tells the unpacked size, and without lines that
 * are too large. -1: it is no ELF program, library or debug file; or too large.
 */
int elf_copy(int fd, struct elf_copy *copy);

#endif
