/* SPDX-License-Identifier: ISC */
/*
 * expat's functions by their names, loaded by the first request that brings XML.  For xml.c
 * alone.
 */
#ifndef EXPAT_H
#define EXPAT_H

#include <expat.h>

#define EXPAT_FUNCTIONS(X) \
	X(XML_GetErrorCode) \
	X(XML_Parse) \
	X(XML_ParserCreate_MM) \
	X(XML_ParserFree) \
	X(XML_SetCharacterDataHandler) \
	X(XML_SetElementHandler) \
	X(XML_SetStartDoctypeDeclHandler) \
	X(XML_SetStartNamespaceDeclHandler) \
	X(XML_SetUserData) \
	X(XML_StopParser)

struct expat {
#define X(name)	__typeof__(name)	*name;
	EXPAT_FUNCTIONS(X)
#undef X
};

#endif
