/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is said in the reader's language, where there is a catalogue for it (user/po/). */
#ifndef PFWATCH_TRANSLATE_H
#define PFWATCH_TRANSLATE_H

#include <libintl.h>

#define _(text)		gettext(text)
#define N_(text)	text		/* translated where it is used */

/* By the environment: LANGUAGE, LC_ALL, LC_MESSAGES, LANG. Of the C library's messages, too: for who explains alone. */
void translate_begin(void);

/* The columns of a terminal that it takes: Chinese characters are two wide. */
unsigned int translated_width(const char *text);

#endif
