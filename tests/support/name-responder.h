/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * NameResponder:
 *
 * A node of NetBIOS's name service ([RFC 1002] 4.2) on a free port of loopback, which answers as a test says.
 */
typedef struct _NameResponder NameResponder;

/* In the responder's thread: the @nth request, from 0, has come. Answers as often as it wants. */
typedef void (*NameResponderFunc) (NameResponder *self,
                                   guint          nth,
                                   gpointer       data);

/* @address: where to listen: 127.0.0.1, or 0.0.0.0 for broadcasts too. */
NameResponder *name_responder_start (const char        *address,
                                     NameResponderFunc  func,
                                     gpointer           data);
void           name_responder_stop  (NameResponder     *self);

guint16        name_responder_get_port       (NameResponder *self);
/* How many have come so far, all that is in its socket included; any thread but the responder's. */
guint          name_responder_count_requests (NameResponder *self);

/* In the function: the request, and answers to it. */
GBytes *name_responder_get_request (NameResponder *self);
/* One about the name that was asked for, in hexadecimal digits as are its parts: @flags from OPCODE to RCODE,
 * @type of the record, what is in it. Without the transaction id, as those below take it. */
char   *name_responder_build       (NameResponder *self,
                                    const char    *flags,
                                    const char    *type,
                                    const char    *data);
void    name_responder_reply       (NameResponder *self,
                                    const char    *hex);
/* The same, from another address if @address is given, and another port in any case. */
void    name_responder_reply_from  (NameResponder *self,
                                    const char    *address,
                                    const char    *hex);
/* The same with another transaction id. */
void    name_responder_reply_to_other (NameResponder *self,
                                       const char    *hex);

G_END_DECLS
