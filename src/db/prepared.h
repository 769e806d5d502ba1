/* SPDX-License-Identifier: ISC */
/* The statements that the server has prepared on a connection, and their columns. */
#ifndef PREPARED_H
#define PREPARED_H

#include <stdbool.h>

#include "db/stmt.h"
#include "db/wire.h"

struct prepared {
	enum prepared_state {
		PREPARED_NOT,
		PREPARED_SENT,		/* with a statement that is under way */
		PREPARED_DONE
	}		 state[STMT__MAX];
	char		 name[STMT__MAX][24];	/* made once */
	struct columns	*columns[STMT__MAX];	/* described once; NULL: not yet */
	struct columns	*old_columns;		/* replaced ones that kept rows may point to */
};

/* Its name on every connection (static). */
const char	*prepared_name(struct prepared *p, enum stmt_id id);

/*
 * Notes what a message of the answer to a statement says of it; *parses: it was sent with a Parse
 * of that name, which is not answered yet.  False if its columns are invalid, or memory runs out.
 */
bool		 prepared_note(struct prepared *p, enum stmt_id id, bool *parses,
		    const struct wire_message *m);

/* Its columns are to be described again; rows that point to the old ones stay valid. */
void		 prepared_retire(struct prepared *p, enum stmt_id id);

/* The connection has ended.  The columns are known on. */
void		 prepared_end(struct prepared *p);

void		 prepared_free(struct prepared *p);

#endif
