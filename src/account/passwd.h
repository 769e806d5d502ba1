/* SPDX-License-Identifier: ISC */
/* Password hashes.  The only file that knows crypt(3). */
#ifndef PASSWD_H
#define PASSWD_H

#include <stdbool.h>

#define PASSWD_HASH_MAX	384	/* CRYPT_OUTPUT_SIZE */

/* Writes a new yescrypt hash of the password; false where that fails. */
bool	passwd_hash(const char *password, char hash[PASSWD_HASH_MAX]);

/*
 * True where the password is the one that was hashed, by any method crypt(5)
 * knows (the old backend's bcrypt among them).  A NULL hash is never matched,
 * but costs the time of a match with one of ours.  Until it is replaced, one of
 * the old backend costs another time, so that this can tell that there is such an
 * account; it is replaced at the first login, and to make up for it every attempt
 * would have to cost the dearest method.
 */
bool	passwd_verify(const char *password, const char *hash);

/*
 * True where the hash should be replaced by a new one of the password it
 * verified.  Not where bcrypt read only a part of that: the rest is unproven.
 */
bool	passwd_is_old(const char *password, const char *hash);

#endif
