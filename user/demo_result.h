/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The model of a demonstration's outcome: what was measured, section by section, and what is claimed of it. */
#ifndef PFWATCH_DEMO_RESULT_H
#define PFWATCH_DEMO_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "fault.h"
#include "path.h"

/* Skipped: this machine can't; the reason is said. */
enum verdict { VERDICT_OK, VERDICT_FAILED, VERDICT_SKIPPED };

/* What the numbers of a column are. */
enum unit { UNIT_COUNT, UNIT_NS, UNIT_BYTES, UNIT_RATIO, UNIT_TEXT };

struct demo_column {
	const char *key, *title;	/* for programs; for people */
	enum unit unit;
	bool bars;			/* one column of a table at the most */
};

#define DEMO_COLUMNS	8
#define DEMO_ROWS	16
#define DEMO_VIEWS	8
#define DEMO_FAULTS	4
#define DEMO_LINES	16
#define DEMO_SECTIONS	8
#define DEMO_CLAIMS	24
#define DEMO_TEXT	160

struct demo_cell {
	bool known;
	double value;
	char text[40];		/* of UNIT_TEXT */
};

struct demo_row {
	char label[48];
	struct demo_cell cell[DEMO_COLUMNS];
	char why[DEMO_TEXT];	/* it is skipped; "": it isn't */
};

/* An address of a process at an instant. */
struct demo_view {
	char label[48];
	uint32_t pid;
	uint64_t addr;
	struct path path;
};

/* Explained: one view, bit by bit. */
enum section_kind { SECTION_TABLE, SECTION_PATHS, SECTION_FAULTS, SECTION_LINES, SECTION_EXPLAINED };

struct demo_section {
	enum section_kind kind;
	const char *key;
	char title[DEMO_TEXT];
	bool hidden;		/* it has no place in the picture */
	const struct demo_column *column;
	unsigned int columns, rows, views, faults, lines;
	struct demo_row row[DEMO_ROWS];
	struct demo_view view[DEMO_VIEWS];
	struct fault fault[DEMO_FAULTS];
	char line[DEMO_LINES][DEMO_TEXT];
};

struct demo_claim {
	char text[DEMO_TEXT];
	char expected[40], measured[40];
	enum verdict verdict;
	char why[DEMO_TEXT];	/* of VERDICT_SKIPPED */
};

struct demo_result {
	const char *name, *title;
	const char *shows;	/* what happens, and why; lines of text */
	const char *expects;	/* the shape that the numbers are to have */
	const char *walker;
	bool showed_faults;	/* as they came */
	uint64_t unseen; /* faults, or ends of faults, that the kernel kept from who watched: so many at the most */
	char kernel[80];
	char why[256];		/* it is skipped, or could not be measured; "": neither */
	enum verdict verdict;
	unsigned int sections, claims;
	struct demo_section section[DEMO_SECTIONS];
	struct demo_claim claim[DEMO_CLAIMS];
};

/* ---- to build one; what there is no room for is left out, and the demo fails ---- */

struct demo_section *result_table(struct demo_result *result, const char *key, const char *title,
				  const struct demo_column *columns, unsigned int n);
struct demo_section *result_section(struct demo_result *result, enum section_kind kind, const char *key,
				    const char *title);
void section_line(struct demo_section *section, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct demo_view *section_view(struct demo_section *section, uint32_t pid, uint64_t addr, const struct path *path,
			       const char *format, ...) __attribute__((format(printf, 5, 6)));
void section_faults(struct demo_section *section, const struct fault *faults, unsigned int n);

struct demo_row *section_row(struct demo_section *section, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void row_set(struct demo_row *row, unsigned int column, double value);
void row_text(struct demo_row *row, unsigned int column, const char *text);
void row_skip(struct demo_row *row, const char *why);

void claim_equal(struct demo_result *result, uint64_t expected, uint64_t measured, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Of faults: those that the kernel kept from us may be missing. */
void claim_counted(struct demo_result *result, uint64_t expected, uint64_t measured, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void claim_between(struct demo_result *result, uint64_t low, uint64_t high, uint64_t measured, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* The ratio of two times, or of what goes with time, is over limit. */
void claim_ratio(struct demo_result *result, double limit, double more, double less, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
void claim_holds(struct demo_result *result, bool holds, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void claim_skip(struct demo_result *result, const char *why, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* It can't run here. */
void result_skip(struct demo_result *result, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* It could not be measured, though it should have been. */
void result_fail(struct demo_result *result, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* By its claims, unless it was skipped or failed. */
void result_conclude(struct demo_result *result);

const char *verdict_name(enum verdict verdict);
double row_max(const struct demo_section *section, unsigned int column);
int bar_column(const struct demo_section *section);	/* -1: it has none */

/* 65,536; 1.2 us; 4.0 MiB; 12.3x. Nothing is left out by which it would look like another number. */
void cell_format(enum unit unit, const struct demo_cell *cell, char *text, unsigned int size);

#endif
