/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "account/jws.h"
#include "base/number.h"
#include "account/token.h"

#define JTI_BYTES	16
/* Tokens that were verified, by their hash, in small sets: 112 KiB in all. */
#define VERIFIED_SETS	512
#define VERIFIED_WAYS	4	/* in a set, the one used last first */
#define SIGNATURE_LEN	43	/* 32 bytes in base64url, without padding */

/* One per process, set once at the start. */
static struct {
	const char	*secret;
	int64_t		 life;		/* seconds */
	int64_t		 remember_life;	/* 0: none is remembered */
} signing;

void
token_open(const char *secret_key, int minutes, int remember_days)
{
	signing.secret = secret_key;
	signing.life = minutes * INT64_C(60);
	signing.remember_life = remember_days * INT64_C(86400);
	if (remember_days > 0 && signing.remember_life < signing.life)
		signing.remember_life = signing.life;
}

/*
 * The jti begins with the token's time by the database's clock, which a new password moves
 * ahead by seconds.  iat and exp are of our clock, as iat must not be in others' future.
 */
char *
token_issue(int64_t user_id, const char *email, const char *username, int64_t issued,
    bool remember)
{
	unsigned char		random[JTI_BYTES];
	char			jti[20 + 2 * JTI_BYTES], sub[24];
	int64_t			now = time(NULL);
	struct jws_claims	claims = {
		.sub = sub, .email = email, .username = username, .jti = jti,
		.iat = now, .remember = remember && signing.remember_life > 0,
	};
	size_t			n;

	claims.exp = now + (claims.remember ? signing.remember_life : signing.life);
	if (getentropy(random, sizeof random) == -1)
		return NULL;
	n = (size_t)snprintf(jti, sizeof jti, "%" PRIx64 ".", (uint64_t)issued);
	for (size_t i = 0; i < sizeof random; i++)
		snprintf(jti + n + 2 * i, 3, "%02x", random[i]);
	snprintf(sub, sizeof sub, "%" PRId64, user_id);
	return jws_sign(&claims, signing.secret);
}

/*
 * True if the signature is ours, to the letter: the same bytes can be written as several
 * base64url texts, and a token that was logged out must not come back as another.  Compares
 * in constant time, as some versions of libjwt don't.  libjwt and its JSON parser see no
 * other tokens.
 */
static bool
is_signed(const char *text)
{
	const char	*sig = strrchr(text, '.');
	unsigned char	 mac[SHA256_DIGEST_LENGTH], want[SIGNATURE_LEN + 2];

	if (sig == NULL || strlen(sig + 1) != SIGNATURE_LEN ||
	    HMAC(EVP_sha256(), signing.secret, (int)strlen(signing.secret),
	    (const unsigned char *)text, (size_t)(sig - text), mac, NULL) == NULL)
		return false;
	EVP_EncodeBlock(want, mac, sizeof mac);
	for (int i = 0; i < SIGNATURE_LEN; i++)
		want[i] = want[i] == '+' ? '-' : want[i] == '/' ? '_' : want[i];
	return CRYPTO_memcmp(want, sig + 1, SIGNATURE_LEN) == 0;
}

/* A JSON number, cut to whole seconds; false for anything else. */
static bool
read_time(const char *json, int64_t *t)
{
	char	*end;
	double	 d;

	errno = 0;
	*t = strtoll(json, &end, 10);
	if (end != json && *end == '\0' && errno == 0)
		return true;
	d = strtod(json, &end);
	if (end == json || *end != '\0' || !isfinite(d))
		return false;
	*t = d >= 9e18 ? INT64_MAX : d <= -9e18 ? INT64_MIN : (int64_t)floor(d);
	return true;
}

/* A user's id as JSON, a string or an integer. */
static bool
read_user(const char *json, int64_t *id)
{
	size_t	len = strlen(json);

	if (len > 2 && json[0] == '"') {
		json++;
		len -= 2;
	}
	return number_id(json, len, id) == NUMBER_OK;
}

/* Reads the time of issue from a jti of ours. */
static bool
read_jti(const char *json, int64_t *issued)
{
	static const char	hex[] = "0123456789abcdef";
	size_t			n = *json == '"' ? strspn(++json, hex) : 0;

	if (n == 0 || n > 15 || json[n] != '.' ||
	    strspn(json + n + 1, hex) != 2 * JTI_BYTES ||
	    strcmp(json + n + 1 + 2 * JTI_BYTES, "\"") != 0)
		return false;
	*issued = strtoll(json, NULL, 16);
	return true;
}

static bool
verify(struct identity *t, const char *text, int64_t now)
{
	struct jws_token	found;
	int64_t			nbf;

	if (!is_signed(text) || !jws_verify(&found, text, signing.secret) ||
	    !read_time(found.exp, &t->expires) ||
	    (found.nbf[0] != '\0' && (!read_time(found.nbf, &nbf) || nbf > now)) ||
	    !read_user(found.sub, &t->user_id))
		return false;
	if ((!read_jti(found.jti, &t->issued) && !read_time(found.iat, &t->issued)) ||
	    t->issued < 0)
		t->issued = 0;
	t->remembered = found.remember;
	return true;
}

/* The set's token with the hash, moved to its front; NULL if it has none. */
static struct identity *
find_verified(struct identity set[VERIFIED_WAYS], const unsigned char *hash)
{
	struct identity	found;

	for (int i = 0; i < VERIFIED_WAYS; i++)
		if (memcmp(set[i].hash, hash, sizeof found.hash) == 0) {
			found = set[i];
			memmove(set + 1, set, (size_t)i * sizeof *set);
			set[0] = found;
			return set;
		}
	return NULL;
}

bool
token_verify(struct identity *t, const char *text)
{
	/*
	 * Verifying costs a third of a small request, and most tokens are used many times.
	 * Sets spread the hashes so evenly that a thousand tokens in turn keep their places.
	 */
	static struct identity	 verified[VERIFIED_SETS][VERIFIED_WAYS];
	struct identity		 token, *set, *found;
	int64_t			 now = time(NULL);

	SHA256((const unsigned char *)text, strlen(text), token.hash);
	set = verified[(token.hash[0] << 8 | token.hash[1]) % VERIFIED_SETS];
	if ((found = find_verified(set, token.hash)) == NULL) {
		if (!verify(&token, text, now))
			return false;
		memmove(set + 1, set, (VERIFIED_WAYS - 1) * sizeof *set);
		found = set;
		*found = token;
	}
	if (found->expires <= now)
		return false;
	*t = *found;
	return true;
}
