/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef PFWATCH_LOG_H
#define PFWATCH_LOG_H

/* One line each on stderr, with the program's name before it. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
