/* SPDX-License-Identifier: ISC */
/* The outcome of a request.  The table in reply.c gives each its HTTP status. */
#ifndef ANSWER_H
#define ANSWER_H

enum answer {
	ANS_OK,			/* done; of a step: go on with the next */
	ANS_CREATED,
	ANS_NO_CONTENT,
	ANS_MULTISTATUS,
	ANS_OPTIONS,
	ANS_MOVED,
	ANS_CHANGED,
	ANS_NOT_MODIFIED,
	ANS_NOT_JSON,
	ANS_BAD_FORM,
	ANS_BODY_SHORT,
	ANS_NOT_XML,
	ANS_BAD_DEPTH,
	ANS_NO_TOKEN,
	ANS_BAD_TOKEN,
	ANS_BAD_LOGIN,
	ANS_BAD_PASSWORD,
	ANS_FORBIDDEN,
	ANS_DEEP,
	ANS_NO_PLACE,		/* no other collections can be made */
	ANS_KEPT,		/* a collection that can't be deleted */
	ANS_NOT_CALENDAR,	/* by its media type */
	ANS_BAD_CALENDAR,
	ANS_BAD_OBJECT,		/* a calendar that is none of one task */
	ANS_NOT_TODO,
	ANS_BAD_SYNC_TOKEN,
	ANS_NO_REPORT,
	ANS_BAD_FILTER,
	ANS_NO_COLLATION,
	ANS_NO_PATH,
	ANS_NO_TASK,
	ANS_NO_APP_PASSWORD,
	ANS_NO_METHOD,
	ANS_EMAIL_TAKEN,
	ANS_USERNAME_TAKEN,
	ANS_APP_PASSWORDS_FULL,
	ANS_SHOWN_BEFORE,
	ANS_UID_TAKEN,
	ANS_TEXT_LARGE,
	ANS_OTHER_VERSION,
	ANS_NO_LOCK,
	ANS_BODY_LARGE,
	ANS_XML_LARGE,
	ANS_NOT_TYPE,
	ANS_BAD_FIELDS,		/* the request's problems say which */
	ANS_NO_ZONE,		/* the database does not know a time zone; sent as BAD_FIELDS */
	ANS_TOO_MANY_TAGS,	/* on one task; sent as BAD_FIELDS */
	ANS_INTERNAL,
	ANS_UNAVAILABLE,	/* nothing was written, or it may be sent again */
	ANS_UNKNOWN,		/* it may have been written */
	ANS_TOO_MANY,		/* matches, more than were asked for */
	ANS_RACED,		/* another write took the place first; nothing was written */
	ANS_DONE_BEFORE,	/* this write was made before: never sent to a client */
	ANS__MAX
};

#endif
