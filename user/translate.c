// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE
#include "translate.h"

#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "utf8.h"

#define DOMAIN	"pfwatch"

/* Beside the program, where it was built; else where it is installed. */
static void find_catalogues(void)
{
	char dir[4096];
	ssize_t n = readlink("/proc/self/exe", dir, sizeof(dir) - sizeof("/locale"));
	char *name = n > 0 ? memrchr(dir, '/', n) : NULL;

	if (name)
		strcpy(name, "/locale");
	bindtextdomain(DOMAIN, name && !access(dir, R_OK) ? dir : LOCALEDIR);
}

static const char *wanted_locale(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *locale = getenv(names[i]);

		if (locale && *locale)
			return locale;
	}
	return "";
}

/*
 * A catalogue needs nothing of the locale but its name, but the C library wants the locale to be installed. Where it
 * isn't, the one that always is stands in for it, with the language told besides.
 */
static void stand_in(const char *locale)
{
	char language[64];

	if (strlen(locale) < 2 || !strncmp(locale, "C", 1) || !strncmp(locale, "POSIX", 5))
		return;
	snprintf(language, sizeof(language), "%.*s", (int)strcspn(locale, ".@"), locale);
	if (setlocale(LC_MESSAGES, "C.UTF-8"))
		setenv("LANGUAGE", language, 0);
}

void translate_begin(void)
{
	if (!utf8_is_wanted())
		return;
	if (!setlocale(LC_MESSAGES, ""))
		stand_in(wanted_locale());
	find_catalogues();
	bind_textdomain_codeset(DOMAIN, "UTF-8");
	textdomain(DOMAIN);
}

unsigned int translated_width(const char *text)
{
	unsigned int width = 0;

	for (; *text; text++) {
		unsigned char c = *text;

		width += c < 0x80 || (c >= 0xc2 && c < 0xe0) ? 1 : c >= 0xe0 ? 2 : 0;
	}
	return width;
}
