/* SPDX-License-Identifier: ISC */
/* Password hashes.  The only file that knows crypt(3). */
#ifndef PASSWD_H
#define PASSWD_H

#include <stdbool.h>

#define PASSWD_HASH_MAX	384	/* CRYPT_OUTPUT_SIZE */

/* Writes a new yescrypt hash of the password; false if that fails. */
bool	passwd_hash(const char *password, char hash[PASSWD_HASH_MAX]);

/*
 * True if the hash is the password's, by any method of crypt(5), also the old
 * backend's bcrypt.  A NULL hash never matches, but takes as long as one of ours.
 * A hash of the old backend takes another time, which reveals that the account
 * exists, until the first login replaces it: to hide that, every attempt would have
 * to take as long as the slowest method.
 */
bool	passwd_verify(const char *password, const char *hash);

/*
 * True if the hash should be replaced by a new one of the password it verified.
 * Not if bcrypt read only a part of the password: the rest may be wrong.
 */
bool	passwd_is_old(const char *password, const char *hash);

#endif
