/* SPDX-License-Identifier: ISC */
#include "conf.h"
#include "db/statement.h"
#include "metrics.h"
#include "base/netlist.h"
#include "ops.h"
#include "http/route.h"

/* Probes wait for a second or two: a worker that takes longer is not ready. */
#define READY_USEC	1000000

enum answer
ops_health(struct request *r)
{
	buf_str(&r->out, "{\"status\":\"ok\"}");
	return ANS_OK;
}

enum answer
ops_ready(struct request *r)
{
	const struct row	*row;
	enum answer		 answer;

	if (r->statement.budget.left_usec > READY_USEC)
		r->statement.budget.left_usec = READY_USEC;
	answer = request_row(r, r->route->stmt, &row);
	if (answer == ANS_OK)
		buf_str(&r->out, "{\"status\":\"ready\"}");
	return answer;
}

enum answer
ops_metrics(struct request *r)
{
	struct in6_addr	address;

	/* If a proxy on this machine forwards it, the address is this machine's for everybody. */
	if (r->remote_addr == NULL || r->forwarded != NULL ||
	    !netlist_address(r->remote_addr, &address) ||
	    !netlist_has(conf.metrics_allow, &address) || !metrics_write(&r->out))
		return ANS_NO_PATH;
	return ANS_OK;
}
