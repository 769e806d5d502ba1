/* SPDX-License-Identifier: ISC */
#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "account/passwd.h"

#define METHOD		"$y$"
#define BCRYPT_MAX	72

_Static_assert(PASSWD_HASH_MAX >= CRYPT_OUTPUT_SIZE, "a hash does not fit");

/* A hash that no password has, with the parameters of METHOD's default. */
static const char	nobody[] = METHOD "j9T$AAAAAAAAAAAAAAAAAAAAA/$"
			    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/*
 * crypt(3) takes one byte less than we allow.  A password that long is replaced by
 * its SHA-512, or, for bcrypt, which reads 72 bytes, cut.
 */
static const char *
phrase(const char *password, const char *setting, char out[CRYPT_MAX_PASSPHRASE_SIZE])
{
	unsigned char	digest[SHA512_DIGEST_LENGTH];

	if (strlen(password) < CRYPT_MAX_PASSPHRASE_SIZE)
		return password;
	if (strncmp(setting, "$2", 2) == 0) {
		memcpy(out, password, CRYPT_MAX_PASSPHRASE_SIZE - 1);
		out[CRYPT_MAX_PASSPHRASE_SIZE - 1] = '\0';
		return out;
	}
	SHA512((const unsigned char *)password, strlen(password), digest);
	EVP_EncodeBlock((unsigned char *)out, digest, sizeof digest);
	OPENSSL_cleanse(digest, sizeof digest);
	return out;
}

static bool
hash_with(const char *password, const char *setting, char hash[PASSWD_HASH_MAX])
{
	struct crypt_data	*data;
	char			 shorter[CRYPT_MAX_PASSPHRASE_SIZE], *out = NULL;

	if ((data = calloc(1, sizeof *data)) == NULL)
		return false;
	out = crypt_rn(phrase(password, setting, shorter), setting, data, sizeof *data);
	if (out != NULL)
		memcpy(hash, out, strlen(out) + 1);
	OPENSSL_cleanse(shorter, sizeof shorter);
	OPENSSL_cleanse(data, sizeof *data);
	free(data);
	return out != NULL;
}

bool
passwd_hash(const char *password, char hash[PASSWD_HASH_MAX])
{
	char	setting[CRYPT_GENSALT_OUTPUT_SIZE];

	return crypt_gensalt_rn(METHOD, 0, NULL, 0, setting, sizeof setting) != NULL &&
	    hash_with(password, setting, hash);
}

bool
passwd_verify(const char *password, const char *hash)
{
	const char	*want = hash == NULL ? nobody : hash;
	char		 got[PASSWD_HASH_MAX];
	bool		 same;

	same = hash_with(password, want, got);
	if (!same)	/* no method of ours: it must not be quicker */
		hash_with(password, nobody, got);
	same = same && strlen(got) == strlen(want) &&
	    CRYPTO_memcmp(got, want, strlen(want)) == 0;
	OPENSSL_cleanse(got, sizeof got);
	return same && hash != NULL;
}

bool
passwd_is_old(const char *password, const char *hash)
{
	return strncmp(hash, METHOD, strlen(METHOD)) != 0 &&
	    (strncmp(hash, "$2", 2) != 0 || strlen(password) <= BCRYPT_MAX);
}
