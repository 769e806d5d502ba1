/* SPDX-License-Identifier: ISC */
/* Handlers for monitoring, each with its answers. */
#ifndef OPS_H
#define OPS_H

#include "base/answer.h"
#include "http/request.h"

/* ANS_OK: the worker lives.  The database is not asked, so that it may sleep. */
enum answer	ops_health(struct request *r);

/* ANS_OK if the database answers, else ANS_UNAVAILABLE. */
enum answer	ops_ready(struct request *r);

/*
 * ANS_OK with the counters, or ANS_NO_PATH if nothing is counted or the client's
 * address is not in METRICS_ALLOW.
 */
enum answer	ops_metrics(struct request *r);

#endif
