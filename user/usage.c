// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <getopt.h>
#include <string.h>

#include "cmd.h"

/* A letter may stand in the middle of a word; getopt keeps it in optopt. */
int unknown_option(const char *command, const char *word)
{
	if (strncmp(word, "--", 2))
		return usage_error(command, "there is no option '-%c'", optopt);
	return usage_error(command, "there is no option '%s'", word);
}
