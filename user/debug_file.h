/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where a stripped program's separate debug file is. */
#ifndef PFWATCH_DEBUG_FILE_H
#define PFWATCH_DEBUG_FILE_H

#include <elfutils/libdwfl.h>
#include <stdint.h>

/* Who looks for one. */
struct debug_search {
	char *root;		/* the directory below which paths are looked up; "": none */
	uint64_t bytes;		/* of what was found, with its compressed sections unpacked */
};

/*
 * Dwfl_Callbacks.find_debuginfo: by build ID below /usr/lib/debug, or by .gnu_debuglink beside the file, in .debug and
 * below /usr/lib/debug. *userdata is a struct debug_search. No network, no other place. The file is the right one: its
 * build ID says so, or its checksum where there is none. What is given is a copy of it.
 */
int debug_file_find(Dwfl_Module *module, void **userdata, const char *name, Dwarf_Addr base, const char *file,
		    const char *link, GElf_Word checksum, char **found);

#endif
