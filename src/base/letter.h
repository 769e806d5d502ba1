/* SPDX-License-Identifier: ISC */
#ifndef LETTER_H
#define LETTER_H

#include <stdint.h>

/*
 * The small letter of a capital one; any other character is its own.  Of alphabets that have
 * both (Unicode's simple case mapping), and the same in every locale.
 */
uint32_t	letter_small(uint32_t code);

#endif
