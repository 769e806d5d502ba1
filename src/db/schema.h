/* SPDX-License-Identifier: ISC */
#ifndef DBSCHEMA_H
#define DBSCHEMA_H

/*
 * Makes the database hold what sql/schema.sql says: creates what is missing,
 * all or nothing, one worker at a time.  Returns NULL, or what does not fit.
 */
const char	*dbschema_fit(void);

#endif
