/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is said in the reader's language, where there is a catalogue for it. */
#ifndef PFWATCH_TRANSLATE_H
#define PFWATCH_TRANSLATE_H

#include <libintl.h>

#define _(text)		gettext(text)
#define N_(text)	text		/* translated where it is used */

#endif
