/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Opening files that others name: to open a device or a pipe does something, so it is looked at before. */
#ifndef PFWATCH_OPEN_REGULAR_H
#define PFWATCH_OPEN_REGULAR_H

/* For reading. -1: it is no regular file, or can't be opened. */
int open_regular(const char *path);

/* path is one in the eyes of who has root for its root directory ("": our own): no link leads out of it. */
int open_regular_below(const char *root, const char *path);

#endif
