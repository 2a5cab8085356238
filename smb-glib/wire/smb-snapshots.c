/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-snapshots.h"

#include "smb-error.h"
#include "wire/smb-filetime.h"
#include "wire/smb-reader.h"
#include "wire/smb-utf16.h"

#define HEADER_SIZE 12

/* Bytes up to the zero that ends the text, or to the end. */
static gsize
measure_text (const SmbReader *r)
{
  const guint8 *text = r->data + r->offset;
  const gsize remaining = smb_reader_get_remaining (r);
  gsize size = 0;

  while (size + 2 <= remaining && (text[size] != 0 || text[size + 1] != 0))
    size += 2;

  return size;
}

/* Texts that each end in a zero; an empty one ends the list. Some servers leave out the last zeros. */
static GPtrArray *
read_tokens (SmbReader *r)
{
  GPtrArray *times = g_ptr_array_new_with_free_func ((GDestroyNotify) g_date_time_unref);
  gsize size;

  while ((size = measure_text (r)) > 0)
    {
      g_autofree char *token = smb_utf16_to_utf8 (smb_reader_bytes (r, size), size);
      GDateTime *time = token != NULL ? smb_gmt_token_parse (token) : NULL;

      if (time != NULL)
        g_ptr_array_add (times, time);
      smb_reader_skip (r, MIN (2, smb_reader_get_remaining (r)));
    }

  return times;
}

static int
compare_newest_first (gconstpointer a,
                      gconstpointer b)
{
  return g_date_time_compare (*(GDateTime *const *) b, *(GDateTime *const *) a);
}

static GPtrArray *
sort_and_unite (GPtrArray *times)
{
  GPtrArray *result = g_ptr_array_new_with_free_func ((GDestroyNotify) g_date_time_unref);

  g_ptr_array_sort (times, compare_newest_first);

  for (guint i = 0; i < times->len; i++)
    if (i == 0 || !g_date_time_equal (times->pdata[i], times->pdata[i - 1]))
      g_ptr_array_add (result, g_date_time_ref (times->pdata[i]));

  return result;
}

GPtrArray *
smb_snapshots_decode (gconstpointer   data,
                      gsize           size,
                      gsize          *required_size,
                      GError        **error)
{
  g_autoptr(GPtrArray) times = NULL;
  SmbReader r;
  SmbReader array;
  guint32 array_size;

  smb_reader_init (&r, data, size);
  smb_reader_skip (&r, 4);             /* NumberOfSnapShots */
  smb_reader_skip (&r, 4);             /* NumberOfSnapShotsReturned */
  array_size = smb_reader_u32 (&r);    /* SnapShotArraySize */
  smb_reader_take (&r, &array, MIN (array_size, smb_reader_get_remaining (&r))); /* SnapShots */
  if (!smb_reader_finish (&r, "The list of snapshots", error))
    return NULL;

  *required_size = HEADER_SIZE + (gsize) array_size;
  if (array_size > array.size)
    smb_reader_init (&array, "", 0);
  times = read_tokens (&array);

  return sort_and_unite (times);
}
