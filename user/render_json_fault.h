/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A fault as a line of JSON. */
#ifndef PFWATCH_RENDER_JSON_FAULT_H
#define PFWATCH_RENDER_JSON_FAULT_H

#include "render.h"

void json_fault(const struct render *render, const struct fault *fault);

/* One of how many it is: a fault that was drawn by chance stands for so many. */
void put_json_sample(const struct render *render);

#endif
