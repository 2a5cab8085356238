/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "smb-error.h"
#include "wire/smb-reader.h"

/*
 * The first byte says how many of the following are calls to make, the second sets how far they go; what
 * remains is the message.
 */

static void
touch (const guint8 *bytes,
       gsize         size)
{
  for (gsize i = 0; bytes != NULL && i < size; i++)
    (void) *(const volatile guint8 *) (bytes + i);
}

static void
free_time (GDateTime *time)
{
  if (time != NULL)
    g_date_time_unref (time);
}

static void
make_call (SmbReader *r,
           guint8     call,
           gsize      n)
{
  guint8 copy[64];
  SmbReader sub;

  switch (call % 16)
    {
    case 0: smb_reader_u8 (r); break;
    case 1: smb_reader_u16 (r); break;
    case 2: smb_reader_u32 (r); break;
    case 3: smb_reader_u64 (r); break;
    case 4: smb_reader_u16_be (r); break;
    case 5: smb_reader_u32_be (r); break;
    case 6: smb_reader_u64_be (r); break;
    case 7: smb_reader_expect_u8 (r, n); break;
    case 8: touch (smb_reader_bytes (r, n), n); break;
    case 9: smb_reader_copy (r, copy, MIN (n, sizeof copy)); break;
    case 10: smb_reader_seek (r, n); break;
    case 11: smb_reader_align (r, (gsize) 1 << n % 5); break;
    case 12:
      smb_reader_sub (r, &sub, n, smb_reader_u16 (r));
      touch (sub.data, sub.size);
      break;
    case 13:
      smb_reader_take (r, &sub, n);
      touch (sub.data, sub.size);
      break;
    case 14: g_free (smb_reader_utf16 (r, n)); break;
    default: free_time (smb_reader_filetime (r)); break;
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GError) error = NULL;
  gsize n_calls;
  SmbReader r;

  if (size < 2)
    return 0;

  n_calls = MIN (data[0], size - 2);
  smb_reader_init (&r, data + 2 + n_calls, size - 2 - n_calls);
  for (gsize i = 0; i < n_calls; i++)
    {
      make_call (&r, data[2 + i], data[2 + i] % (data[1] + 1));
      g_assert_cmpuint (r.offset, <=, r.size);
      g_assert_cmpuint (smb_reader_get_remaining (&r), <=, r.size - r.offset);
    }

  g_assert_true (smb_reader_finish (&r, "Input", &error) == (error == NULL));

  return 0;
}
