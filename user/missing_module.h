/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef PFWATCH_MISSING_MODULE_H
#define PFWATCH_MISSING_MODULE_H

#include <stddef.h>

/* The module isn't loaded: why it may not be, on this machine, and what to do. One line. */
void missing_module_explain(char *why, size_t size);

#endif
