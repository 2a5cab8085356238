/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "decoder-check.h"
#include "wire/smb-directory.h"
#include "wire/smb-file-info.h"
#include "wire/smb-reader.h"
#include "wire/smb-snapshots.h"
#include "wire/smb-utf16.h"

#define TIME G_GUINT64_CONSTANT (133594528891234560) /* 2024-05-06T07:08:09.123456Z */

typedef struct
{
  const char      *name;
  SmbFileInfoClass level;
  gboolean         has_ea_size; /* and with it the reparse tag */
  gboolean         has_short_name;
  gboolean         has_id;
  const char      *bytes;
} Level;

/* A folder, a file with all one can have and a symbolic link, as each level tells them. */
/* clang-format off */
static const Level levels[] = {
  { "directory", SMB_FSCC_FILE_DIRECTORY, FALSE, FALSE, FALSE,
    "480000000100000000697f26849fda010a697f26849fda0114697f26849fda011e697f26849fda010000000000000000"
    "000000000000000010000000020000002e00000000000000580000000200000000697f26849fda010a697f26849fda01"
    "14697f26849fda011e697f26849fda010500000000000000001000000000000020000000140000004600fc00df006500"
    "3dd800de2e0074007800740000000000000000000300000000697f26849fda010a697f26849fda0114697f26849fda01"
    "1e697f26849fda010000000000000000000000000000000010040000080000006c0069006e006b00" },
  { "full", SMB_FSCC_FILE_FULL_DIRECTORY, TRUE, FALSE, FALSE,
    "480000000100000000697f26849fda010a697f26849fda0114697f26849fda011e697f26849fda010000000000000000"
    "00000000000000001000000002000000000000002e000000580000000200000000697f26849fda010a697f26849fda01"
    "14697f26849fda011e697f26849fda01050000000000000000100000000000002000000014000000393000004600fc00"
    "df0065003dd800de2e00740078007400000000000300000000697f26849fda010a697f26849fda0114697f26849fda01"
    "1e697f26849fda010000000000000000000000000000000010040000080000000c0000a06c0069006e006b00" },
  { "both", SMB_FSCC_FILE_BOTH_DIRECTORY, TRUE, TRUE, FALSE,
    "600000000100000000697f26849fda010a697f26849fda0114697f26849fda011e697f26849fda010000000000000000"
    "000000000000000010000000020000000000000000000000000000000000000000000000000000000000000000002e00"
    "780000000200000000697f26849fda010a697f26849fda0114697f26849fda011e697f26849fda010500000000000000"
    "00100000000000002000000014000000393000001000460045007e0031002e0054005800540000000000000000004600"
    "fc00df0065003dd800de2e00740078007400000000000000000000000300000000697f26849fda010a697f26849fda01"
    "14697f26849fda011e697f26849fda010000000000000000000000000000000010040000080000000c0000a000000000"
    "000000000000000000000000000000000000000000006c0069006e006b00" },
  { "id-both", SMB_FSCC_FILE_ID_BOTH_DIRECTORY, TRUE, TRUE, TRUE,
    "700000000100000000697f26849fda010a697f26849fda0114697f26849fda011e697f26849fda010000000000000000"
    "000000000000000010000000020000000000000000000000000000000000000000000000000000000000000000000000"
    "ffffffffffffffff2e00000000000000800000000200000000697f26849fda010a697f26849fda0114697f26849fda01"
    "1e697f26849fda01050000000000000000100000000000002000000014000000393000001000460045007e0031002e00"
    "5400580054000000000000000000000088776655443322114600fc00df0065003dd800de2e0074007800740000000000"
    "000000000300000000697f26849fda010a697f26849fda0114697f26849fda011e697f26849fda010000000000000000"
    "000000000000000010040000080000000c0000a000000000000000000000000000000000000000000000000000000000"
    "2a000000000000006c0069006e006b00" },
  { "id-full", SMB_FSCC_FILE_ID_FULL_DIRECTORY, TRUE, FALSE, TRUE,
    "580000000100000000697f26849fda010a697f26849fda0114697f26849fda011e697f26849fda010000000000000000"
    "000000000000000010000000020000000000000000000000ffffffffffffffff2e000000000000006800000002000000"
    "00697f26849fda010a697f26849fda0114697f26849fda011e697f26849fda0105000000000000000010000000000000"
    "2000000014000000393000000000000088776655443322114600fc00df0065003dd800de2e0074007800740000000000"
    "000000000300000000697f26849fda010a697f26849fda0114697f26849fda011e697f26849fda010000000000000000"
    "000000000000000010040000080000000c0000a0000000002a000000000000006c0069006e006b00" },
};
/* clang-format on */

static void
assert_entry (const SmbDirectoryEntry *entry,
              guint32                  index,
              const char              *name,
              guint32                  attributes,
              guint64                  size,
              guint64                  allocated)
{
  g_autofree char *text = smb_directory_entry_dup_name (entry);

  g_assert_cmpuint (entry->file_index, ==, index);
  g_assert_cmpuint (entry->creation_time, ==, TIME);
  g_assert_cmpuint (entry->last_access_time, ==, TIME + 10);
  g_assert_cmpuint (entry->last_write_time, ==, TIME + 20);
  g_assert_cmpuint (entry->change_time, ==, TIME + 30);
  g_assert_cmpstr (text, ==, name);
  g_assert_cmphex (entry->file_attributes, ==, attributes);
  g_assert_cmpuint (entry->end_of_file, ==, size);
  g_assert_cmpuint (entry->allocation_size, ==, allocated);
}

static void
assert_extras (const Level             *level,
               const SmbDirectoryEntry *entry,
               guint32                  ea_size,
               guint32                  reparse_tag,
               const char              *short_name,
               guint64                  file_id)
{
  g_autofree char *text = smb_directory_entry_dup_short_name (entry);

  g_assert_cmpuint (entry->ea_size, ==, level->has_ea_size ? ea_size : 0);
  g_assert_cmphex (entry->reparse_tag, ==, level->has_ea_size ? reparse_tag : 0);
  g_assert_cmpstr (text, ==, level->has_short_name ? short_name : NULL);
  g_assert_cmphex (entry->file_id, ==, level->has_id ? file_id : 0);
}

static void
test_directory (gconstpointer data)
{
  const Level *level = data;
  gsize size;
  g_autofree guint8 *bytes = bytes_from_hex (level->bytes, &size);
  g_autoptr(GError) error = NULL;
  SmbDirectoryEntry entry;
  SmbDirectoryIter iter;

  g_assert_true (smb_directory_iter_init (&iter, level->level, bytes, size));

  g_assert_true (smb_directory_iter_next (&iter, &entry, &error));
  assert_entry (&entry, 1, ".", SMB_FSCC_ATTRIBUTE_DIRECTORY, 0, 0);
  assert_extras (level, &entry, 0, 0, NULL, 0);

  g_assert_true (smb_directory_iter_next (&iter, &entry, &error));
  assert_entry (&entry, 2, "F\xC3\xBC\xC3\x9F" "e\xF0\x9F\x98\x80.txt", SMB_FSCC_ATTRIBUTE_ARCHIVE, 5, 4096);
  assert_extras (level, &entry, 12345, 0, "FE~1.TXT", G_GUINT64_CONSTANT (0x1122334455667788));

  g_assert_true (smb_directory_iter_next (&iter, &entry, &error));
  assert_entry (&entry, 3, "link", SMB_FSCC_ATTRIBUTE_DIRECTORY | SMB_FSCC_ATTRIBUTE_REPARSE_POINT, 0, 0);
  assert_extras (level, &entry, 0, SMB_FSCC_REPARSE_TAG_SYMLINK, NULL, 42);

  g_assert_false (smb_directory_iter_next (&iter, &entry, &error));
  g_assert_no_error (error);
  g_assert_false (smb_directory_iter_next (&iter, &entry, &error));
}

static SmbFileInfoClass decoded_level; /* by the next function */

static gboolean
decode_directory (const guint8  *data,
                  gsize          size,
                  GError       **error)
{
  GError *local = NULL;
  SmbDirectoryEntry entry;
  SmbDirectoryIter iter;
  guint n = 0;

  g_assert_true (smb_directory_iter_init (&iter, decoded_level, data, size));
  while (smb_directory_iter_next (&iter, &entry, &local))
    {
      g_autofree char *name = smb_directory_entry_dup_name (&entry);
      g_autofree char *short_name = smb_directory_entry_dup_short_name (&entry);

      g_assert_true (name == NULL || g_utf8_validate (name, -1, NULL));
      g_assert_cmpuint (++n, <=, size / 64); /* ends */
    }
  g_assert_false (smb_directory_iter_next (&iter, &entry, NULL));

  if (local == NULL && n == 0) /* right, but for these tests it is not */
    g_set_error (&local, SMB_ERROR, SMB_ERROR_PROTOCOL, "Nothing");
  if (local != NULL)
    g_propagate_error (error, local);

  return local == NULL;
}

static void
test_directory_malformed (gconstpointer data)
{
  const Level *level = data;
  gsize size;
  g_autofree guint8 *bytes = bytes_from_hex (level->bytes, &size);

  decoded_level = level->level;
  check_prefixes (decode_directory, bytes, size, size);
  check_corruption (decode_directory, bytes, size);
}

static void
assert_next_offset_refused (guint32 next)
{
  gsize size;
  g_autofree guint8 *bytes = bytes_from_hex (levels[0].bytes, &size);
  g_autoptr(GError) error = NULL;

  next = GUINT32_TO_LE (next);
  memcpy (bytes, &next, sizeof next);
  decoded_level = levels[0].level;
  g_assert_false (decode_directory (bytes, size, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
}

static void
test_directory_offsets (void)
{
  SmbDirectoryIter iter;
  SmbDirectoryEntry entry;
  GError *error = NULL;

  assert_next_offset_refused (1);
  assert_next_offset_refused (63);
  assert_next_offset_refused (64); /* no room for the name */
  assert_next_offset_refused (0x7FFFFFFF);
  assert_next_offset_refused (0xFFFFFFF8);

  g_assert_false (smb_directory_iter_init (&iter, SMB_FSCC_FILE_BASIC, "", 0));
  g_assert_false (smb_directory_iter_next (&iter, &entry, &error));
  g_assert_no_error (error);
  g_assert_true (smb_directory_iter_init (&iter, SMB_FSCC_FILE_DIRECTORY, NULL, 0));
  g_assert_false (smb_directory_iter_next (&iter, &entry, &error));
  g_assert_no_error (error);
}

/* The walk itself, without what the entries hold. */
static void
assert_walk (const char *hex,
             guint       n_expected,
             gboolean    fails)
{
  gsize size;
  g_autofree guint8 *bytes = bytes_from_hex (hex, &size);
  g_autoptr(GError) error = NULL;
  SmbEntryChain chain;
  SmbReader entry;
  guint n = 0;

  smb_entry_chain_init (&chain, bytes, size);
  while (smb_entry_chain_next (&chain, 6, &entry, "List", &error))
    n++;
  g_assert_cmpuint (n, ==, n_expected);
  g_assert_true ((error != NULL) == fails);
  g_assert_false (smb_entry_chain_next (&chain, 6, &entry, "List", NULL));
}

static void
test_entry_chain (void)
{
  assert_walk ("", 0, FALSE);
  assert_walk ("000000000000", 1, FALSE);
  assert_walk ("0000000000", 0, TRUE);
  assert_walk ("070000000000ff" "00000000000000000000", 2, FALSE);
  assert_walk ("060000000000", 1, TRUE); /* and another, it says */
  assert_walk ("050000000000000000000000", 0, TRUE);
  assert_walk ("070000000000", 0, TRUE);
}

/* Names that must never become part of a path. */
static void
test_directory_names (void)
{
  static const char *const bad[] = { "", "2f00", "61005c006200", "2e002e002f00", "61000000", "3dd8",
                                     "610062" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      SmbDirectoryEntry entry = { 0 };
      g_autofree guint8 *name = bytes_from_hex (bad[i], &entry.name_size);

      entry.name = entry.short_name = name;
      entry.short_name_size = entry.name_size;
      g_assert_null (smb_directory_entry_dup_name (&entry));
      g_assert_null (smb_directory_entry_dup_short_name (&entry));
    }
}

#define BASIC \
  "00697f26849fda010a697f26849fda0114697f26849fda011e697f26849fda012000000000000000"

#define ALL \
  BASIC "0010000000000000050000000000000002000000010000008877665544332211" \
        "09000000ff011f004d000000000000000200000001000000080000005c0061005c00fc00"

#define NETWORK_OPEN \
  "00697f26849fda010a697f26849fda0114697f26849fda011e697f26849fda0100100000000000000500000000000000" \
  "2000000000000000"

#define FULL_SIZE "e8030000000000008403000000000000b6030000000000000800000000020000"

#define STREAMS \
  "280000000e000000050000000000000000100000000000003a003a00240044004100540041000000000000002c000000" \
  "1a0000000000000020000000000000003a005a006f006e0065002e004900640065006e00740069006600690065007200" \
  "3a0024004400410054004100"

#define SNAPSHOTS \
  "0300000003000000e6000000400047004d0054002d0032003000320034002e00300035002e00300036002d0030003700" \
  "2e00300038002e00300039000000400047004d0054002d0032003000320035002e00300031002e00300031002d003000" \
  "30002e00300030002e00300030000000400047004d0054002d0032003000320034002e00300035002e00300036002d00" \
  "300037002e00300038002e00300039000000400047004d0054002d006e006f006e00730065006e007300650000004000" \
  "47004d0054002d0032003000320033002e00310032002e00330031002d00320033002e00350039002e00350039000000" \
  "00000000"

static void
assert_basic (const SmbFileBasicInfo *info)
{
  g_assert_cmpuint (info->creation_time, ==, TIME);
  g_assert_cmpuint (info->last_access_time, ==, TIME + 10);
  g_assert_cmpuint (info->last_write_time, ==, TIME + 20);
  g_assert_cmpuint (info->change_time, ==, TIME + 30);
  g_assert_cmphex (info->file_attributes, ==, SMB_FSCC_ATTRIBUTE_ARCHIVE);
}

static void
assert_standard (const SmbFileStandardInfo *info)
{
  g_assert_cmpuint (info->allocation_size, ==, 4096);
  g_assert_cmpuint (info->end_of_file, ==, 5);
  g_assert_cmpuint (info->number_of_links, ==, 2);
  g_assert_true (info->delete_pending);
  g_assert_false (info->directory);
}

static void
test_file_infos (void)
{
  gsize size;
  g_autofree guint8 *all_bytes = bytes_from_hex (ALL, &size);
  g_autofree guint8 *network_open_bytes = NULL;
  g_autofree guint8 *full_size_bytes = NULL;
  g_autofree char *name = NULL;
  SmbFileBasicInfo basic;
  SmbFileStandardInfo standard;
  SmbFileNetworkOpenInfo network_open;
  SmbFsFullSizeInfo full_size;
  SmbFileAllInfo all;

  g_assert_true (smb_file_basic_info_decode (&basic, all_bytes, 40, NULL));
  assert_basic (&basic);
  g_assert_true (smb_file_standard_info_decode (&standard, all_bytes + 40, 24, NULL));
  assert_standard (&standard);

  g_assert_true (smb_file_all_info_decode (&all, all_bytes, size, NULL));
  assert_basic (&all.basic);
  assert_standard (&all.standard);
  g_assert_cmphex (all.file_id, ==, G_GUINT64_CONSTANT (0x1122334455667788));
  g_assert_cmpuint (all.ea_size, ==, 9);
  g_assert_cmphex (all.access_flags, ==, 0x1F01FF);
  g_assert_cmpuint (all.current_byte_offset, ==, 77);
  g_assert_cmpuint (all.mode, ==, 2);
  g_assert_cmpuint (all.alignment, ==, 1);
  name = smb_utf16_to_utf8 (all.name, all.name_size);
  g_assert_cmpstr (name, ==, "\\a\\\xC3\xBC");
  g_assert_true (smb_file_all_info_decode (&all, all_bytes, 102, NULL)); /* cut by BUFFER_OVERFLOW */
  g_assert_cmpuint (all.name_size, ==, 2);

  network_open_bytes = bytes_from_hex (NETWORK_OPEN, &size);
  g_assert_true (smb_file_network_open_info_decode (&network_open, network_open_bytes, size, NULL));
  g_assert_cmpuint (network_open.creation_time, ==, TIME);
  g_assert_cmpuint (network_open.last_access_time, ==, TIME + 10);
  g_assert_cmpuint (network_open.last_write_time, ==, TIME + 20);
  g_assert_cmpuint (network_open.change_time, ==, TIME + 30);
  g_assert_cmpuint (network_open.allocation_size, ==, 4096);
  g_assert_cmpuint (network_open.end_of_file, ==, 5);
  g_assert_cmphex (network_open.file_attributes, ==, SMB_FSCC_ATTRIBUTE_ARCHIVE);

  full_size_bytes = bytes_from_hex (FULL_SIZE, &size);
  g_assert_true (smb_fs_full_size_info_decode (&full_size, full_size_bytes, size, NULL));
  g_assert_cmpuint (full_size.total_units, ==, 1000);
  g_assert_cmpuint (full_size.caller_available_units, ==, 900);
  g_assert_cmpuint (full_size.actual_available_units, ==, 950);
  g_assert_cmpuint (full_size.sectors_per_unit, ==, 8);
  g_assert_cmpuint (full_size.bytes_per_sector, ==, 512);
}

#define DEFINE_DECODE(Type, function)          \
  static gboolean                              \
  decode_##function (const guint8  *data,      \
                     gsize          size,      \
                     GError       **error)     \
  {                                            \
    Type info;                                 \
                                               \
    return function (&info, data, size, error); \
  }

DEFINE_DECODE (SmbFileBasicInfo, smb_file_basic_info_decode)
DEFINE_DECODE (SmbFileStandardInfo, smb_file_standard_info_decode)
DEFINE_DECODE (SmbFileNetworkOpenInfo, smb_file_network_open_info_decode)
DEFINE_DECODE (SmbFileAllInfo, smb_file_all_info_decode)
DEFINE_DECODE (SmbFsFullSizeInfo, smb_fs_full_size_info_decode)

static void
check (Decode      decode,
       const char *hex,
       gsize       minimum)
{
  gsize size;
  g_autofree guint8 *bytes = bytes_from_hex (hex, &size);

  check_prefixes (decode, bytes, size, minimum);
  check_corruption (decode, bytes, size);
}

static void
test_file_infos_malformed (void)
{
  check (decode_smb_file_basic_info_decode, BASIC, 36);
  check (decode_smb_file_standard_info_decode, "0010000000000000050000000000000002000000" "01000000", 22);
  check (decode_smb_file_network_open_info_decode, NETWORK_OPEN, 52);
  check (decode_smb_file_all_info_decode, ALL, 100);
  check (decode_smb_fs_full_size_info_decode, FULL_SIZE, 32);
}

static gboolean
decode_streams (const guint8  *data,
                gsize          size,
                GError       **error)
{
  GError *local = NULL;
  SmbStreamEntry entry;
  SmbStreamIter iter;
  guint n = 0;

  smb_stream_iter_init (&iter, data, size);
  while (smb_stream_iter_next (&iter, &entry, &local))
    {
      g_free (smb_utf16_to_utf8 (entry.name, entry.name_size));
      g_assert_cmpuint (++n, <=, size / 24); /* ends */
    }

  if (local == NULL && n == 0) /* right, but for these tests it is not */
    g_set_error (&local, SMB_ERROR, SMB_ERROR_PROTOCOL, "Nothing");
  if (local != NULL)
    g_propagate_error (error, local);

  return local == NULL;
}

static void
test_streams (void)
{
  gsize size;
  g_autofree guint8 *bytes = bytes_from_hex (STREAMS, &size);
  g_autofree char *name = NULL;
  SmbStreamEntry entry;
  SmbStreamIter iter;
  GError *error = NULL;

  smb_stream_iter_init (&iter, bytes, size);
  g_assert_true (smb_stream_iter_next (&iter, &entry, &error));
  g_assert_cmpuint (entry.size, ==, 5);
  g_assert_cmpuint (entry.allocation_size, ==, 4096);
  g_assert_cmpuint (entry.name_size, ==, 14);
  g_assert_true (smb_stream_iter_next (&iter, &entry, &error));
  name = smb_utf16_to_utf8 (entry.name, entry.name_size);
  g_assert_cmpstr (name, ==, ":Zone.Identifier:$DATA");
  g_assert_cmpuint (entry.size, ==, 26);
  g_assert_false (smb_stream_iter_next (&iter, &entry, &error));
  g_assert_no_error (error);

  smb_stream_iter_init (&iter, NULL, 0);
  g_assert_false (smb_stream_iter_next (&iter, &entry, &error));
  g_assert_no_error (error);

  check (decode_streams, STREAMS, size);
}

static gboolean
decode_snapshots (const guint8  *data,
                  gsize          size,
                  GError       **error)
{
  gsize required_size;
  g_autoptr(GPtrArray) times = smb_snapshots_decode (data, size, &required_size, error);

  if (times == NULL)
    return FALSE;

  if (required_size > size)
    g_assert_cmpuint (times->len, ==, 0);
  for (guint i = 1; i < times->len; i++)
    g_assert_cmpint (g_date_time_compare (times->pdata[i - 1], times->pdata[i]), >, 0);

  return TRUE;
}

static void
assert_time (GDateTime  *time,
             const char *iso)
{
  g_autofree char *text = g_date_time_format_iso8601 (time);

  g_assert_cmpstr (text, ==, iso);
}

static void
test_snapshots (void)
{
  gsize size, required_size;
  g_autofree guint8 *bytes = bytes_from_hex (SNAPSHOTS, &size);
  g_autoptr(GPtrArray) times = smb_snapshots_decode (bytes, size, &required_size, NULL);
  g_autoptr(GPtrArray) unterminated = NULL;
  g_autoptr(GPtrArray) probe = NULL;

  g_assert_cmpuint (required_size, ==, size - 2);
  g_assert_cmpuint (times->len, ==, 3);
  assert_time (times->pdata[0], "2025-01-01T00:00:00Z");
  assert_time (times->pdata[1], "2024-05-06T07:08:09Z");
  assert_time (times->pdata[2], "2023-12-31T23:59:59Z");

  probe = smb_snapshots_decode (bytes, SMB_SNAPSHOTS_MIN_SIZE, &required_size, NULL);
  g_assert_cmpuint (probe->len, ==, 0);
  g_assert_cmpuint (required_size, ==, size - 2);

  bytes[8] = 48; /* SnapShotArraySize: one text without a zero */
  unterminated = smb_snapshots_decode (bytes, size, &required_size, NULL);
  g_assert_cmpuint (unterminated->len, ==, 1);

  check (decode_snapshots, SNAPSHOTS, 12);
}

static void
test_encoders (void)
{
  const SmbFileBasicInfo basic = { TIME, TIME + 10, TIME + 20, TIME + 30, SMB_FSCC_ATTRIBUTE_ARCHIVE };
  g_auto(SmbWriter) w = { NULL };

  smb_writer_init (&w, NULL);
  smb_file_basic_info_encode (&basic, &w);
  assert_bytes (w.bytes->data, w.bytes->len, BASIC);

  g_byte_array_set_size (w.bytes, 0);
  smb_file_disposition_info_encode (TRUE, &w);
  assert_bytes (w.bytes->data, w.bytes->len, "01");
  smb_file_disposition_info_encode (FALSE, &w);
  assert_bytes (w.bytes->data, w.bytes->len, "0100");

  g_byte_array_set_size (w.bytes, 0);
  smb_file_end_of_file_info_encode (G_GUINT64_CONSTANT (0x0102030405060708), &w);
  assert_bytes (w.bytes->data, w.bytes->len, "0807060504030201");

  g_byte_array_set_size (w.bytes, 0);
  smb_file_rename_info_encode ("x", TRUE, &w);
  assert_bytes (w.bytes->data, w.bytes->len, "0100000000000000" "0000000000000000" "02000000" "7800" "0000");
}

/* Behind other things in the same message. */
static void
test_encode_rename (void)
{
  g_auto(SmbWriter) w = { NULL };

  smb_writer_init (&w, NULL);
  smb_writer_u16 (&w, 0xFFFF);
  smb_file_rename_info_encode ("a\\b\xC3\xA4" "c", FALSE, &w);
  assert_bytes (w.bytes->data, w.bytes->len,
                "ffff" "0000000000000000" "0000000000000000" "0a000000" "61005c006200e4006300");
}

static void
add_level (const char    *prefix,
           const Level   *level,
           GTestDataFunc  function)
{
  g_autofree char *path = g_strconcat (prefix, level->name, NULL);

  g_test_add_data_func (path, level, function);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      add_level ("/wire/directory/good/", &levels[i], test_directory);
      add_level ("/wire/directory/malformed/", &levels[i], test_directory_malformed);
    }
  g_test_add_func ("/wire/entry-chain", test_entry_chain);
  g_test_add_func ("/wire/directory/offsets", test_directory_offsets);
  g_test_add_func ("/wire/directory/names", test_directory_names);
  g_test_add_func ("/wire/file-info/good", test_file_infos);
  g_test_add_func ("/wire/file-info/malformed", test_file_infos_malformed);
  g_test_add_func ("/wire/streams", test_streams);
  g_test_add_func ("/wire/snapshots", test_snapshots);
  g_test_add_func ("/wire/file-info/encode", test_encoders);
  g_test_add_func ("/wire/file-info/rename", test_encode_rename);

  return g_test_run ();
}
