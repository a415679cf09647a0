/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * For a function that few faults come to, in the middle of what all of them go through: it is kept out of line, lest the
 * registers it needs, and the room on the stack, be saved and checked for the others, too.
 */
#ifndef PFWATCH_SLOW_H
#define PFWATCH_SLOW_H

#define SLOW __attribute__((noinline))

#endif
