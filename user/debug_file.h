/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where a stripped program's separate debug file is. */
#ifndef PFWATCH_DEBUG_FILE_H
#define PFWATCH_DEBUG_FILE_H

#include <elfutils/libdwfl.h>

/* What takes longer than one would wait for, with its sections compressed: from there on there are names alone. */
#define MAX_DEBUG_BYTES (256L << 20)

/*
 * Dwfl_Callbacks.find_debuginfo: by build ID below /usr/lib/debug, or by .gnu_debuglink beside the file, in .debug and
 * below /usr/lib/debug, all of them below the root directory that *userdata (a string) names. No network, no other
 * place. The file is the right one: its build ID says so, or its checksum where there is none.
 */
int debug_file_find(Dwfl_Module *module, void **userdata, const char *name, Dwarf_Addr base, const char *file,
		    const char *link, GElf_Word checksum, char **found);

#endif
