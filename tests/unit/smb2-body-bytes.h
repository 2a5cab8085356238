/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb2-body.h"

#define HEADER_SIZE 64
#define HANDLE      "8877665544332211 00ffeeddccbbaa99"
#define ALL_ONES    "ffffffffffffffff ffffffffffffffff"

/* Bytes written as hexadecimal digits with spaces between fields. */
static inline GByteArray *
from_hex (const char *text)
{
  GByteArray *bytes = g_byte_array_new ();

  while (*text != '\0')
    {
      guint8 byte;

      if (*text == ' ')
        {
          text++;
          continue;
        }
      byte = g_ascii_xdigit_value (text[0]) << 4 | g_ascii_xdigit_value (text[1]);
      g_byte_array_append (bytes, &byte, 1);
      text += 2;
    }
  return bytes;
}

static inline SmbRequest *
new_request (SmbCommand command)
{
  SmbRequest *request = smb_request_new (command);

  request->handle = (SmbFileHandle) { 0x1122334455667788, 0x99aabbccddeeff00 };
  return request;
}
