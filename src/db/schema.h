/* SPDX-License-Identifier: ISC */
#ifndef SCHEMA_H
#define SCHEMA_H

#include "db/simple.h"

/*
 * Creates the objects of sql/schema.sql that the database lacks, all or none,
 * one worker at a time.  Returns NULL, or what does not fit.
 */
const char	*schema_fit(struct simple *s);

#endif
