/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "decoder-check.h"
#include "wire/smb-sddl.h"

#define GUID "bf967aba-0de6-11d0-a285-00aa003049e2"

static SmbSecurityDescriptorData *
read_text (const char *text)
{
  g_autoptr(GError)          error = NULL;
  SmbSecurityDescriptorData *descriptor = smb_sddl_read (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (descriptor);
  return descriptor;
}

static void
assert_written (const SmbSecurityDescriptorData *descriptor,
                const char                      *expected)
{
  g_autoptr(GError) error = NULL;
  g_autofree char  *text = smb_sddl_write (descriptor, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

/* What comes back as it was. */
static void
test_both_ways (void)
{
  static const char *const texts[] = {
    "",
    "O:BA",
    "G:SY",
    "O:BAG:SY",
    "O:S-1-5-21-1-2-3-1001G:S-1-5-21-1-2-3-513",
    "O:S-1-0x000100000000-7D:",
    "D:",
    "D:P",
    "D:AI",
    "D:PARAI",
    "D:NO_ACCESS_CONTROL",
    "D:PNO_ACCESS_CONTROL",
    "S:",
    "S:PARAI",
    "D:(A;;FA;;;SY)",
    "D:P(A;OICI;FA;;;BA)(A;OICIIO;GA;;;CO)(A;;0x1200a9;;;BU)(D;;0x2;;;AN)",
    "D:(A;OICINPIOID;FR;;;WD)(A;;FW;;;AU)(A;;FX;;;IU)(A;;GR;;;PS)(A;;GW;;;OW)(A;;GX;;;NU)",
    "D:(A;;0x0;;;WD)(A;;0xffffffff;;;WD)",
    "D:(OA;CI;0x30;" GUID ";;AU)(OD;;0x30;;" GUID ";AU)(OA;;0x100;" GUID ";" GUID ";PS)(OA;;0x30;;;AU)",
    "S:(AU;SAFA;0x50000;;;WD)(AL;;0x1;;;WD)(OU;SA;0x1;" GUID ";;WD)(OL;;0x1;;;WD)",
    "S:(ML;;0x120116;;;LW)(ML;;0x0;;;LW)",
    "S:AI(ML;;NW;;;LW)(ML;;NWNRNX;;;HI)(ML;CI;0x10;;;SI)(SP;;0x0;;;S-1-17-1)(TL;;0x1;;;S-1-19-512-4096)",
    "O:LSG:NSD:P(A;;FA;;;RC)(A;;FA;;;RD)S:P(AU;FA;FA;;;WD)",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(SmbSecurityDescriptorData) descriptor = read_text (texts[i]);

      assert_written (descriptor, texts[i]);
    }
}

/* What has several forms comes back in one. */
static void
test_other_forms (void)
{
  static const char *const pairs[][2] = {
    { "O:S-1-5-32-544", "O:BA" },
    { "S:D:G:SYO:BA", "O:BAG:SYD:S:" },
    { "D:AIARP", "D:PARAI" },
    { "D:(A;CIOI;;;;WD)", "D:(A;OICI;0x0;;;WD)" },
    { "D:(A;;RCSDWDWO;;;WD)", "D:(A;;0xf0000;;;WD)" },
    { "D:(A;;CCDCLCSWRPWPDTLOCR;;;WD)", "D:(A;;0x1ff;;;WD)" },
    { "D:(A;;GAGRGWGX;;;WD)", "D:(A;;0xf0000000;;;WD)" },
    { "D:(A;;KAKRKWKX;;;WD)", "D:(A;;0xf003f;;;WD)" },
    { "D:(A;;FRFWFX;;;WD)", "D:(A;;0x1201bf;;;WD)" },
    { "D:(A;;2032127;;;WD)", "D:(A;;FA;;;WD)" },
    { "D:(A;;0X1F01ff;;;WD)", "D:(A;;FA;;;WD)" },
    { "D:(OA;;CR;BF967ABA-0DE6-11D0-A285-00AA003049E2;;WD)", "D:(OA;;0x100;" GUID ";;WD)" },
    { "O:S-1-0x000000000005-32-544D:", "O:BAD:" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr(SmbSecurityDescriptorData) descriptor = read_text (pairs[i][0]);

      assert_written (descriptor, pairs[i][1]);
    }
}

/* Descriptors that Samba made from a text. */
static void
test_others (void)
{
  static const char *const pairs[][2] = {
    { "O:S-1-5-21-1-2-3-1001D:PARAI(D;OICINPIOID;0x1200a9;;;AN)(OA;CI;0x30;" GUID
      ";;AU)S:P(AU;SAFA;0x50000;;;WD)",
      "010014b51400000000000000300000004c00000001050000000000051500000001000000"
      "0200000003000000e903000004001c000100000002c01400000005000101000000000001"
      "000000000400440002000000011f1400a900120001010000000000050700000005022800"
      "3000000001000000ba7a96bfe60dd011a28500aa003049e201010000000000050b000000" },
    { "D:P", "01000490000000000000000000000000140000000400080000000000" },
    { "D:(A;;GA;;;CO)(A;;0xa0000000;;;BU)",
      "010004800000000000000000000000001400000004003400020000000000140000000010"
      "01010000000000030000000000001800000000a001020000000000052000000021020000" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      gsize                                size;
      g_autofree guint8                   *bytes = bytes_from_hex (pairs[i][1], &size);
      g_autoptr(SmbSecurityDescriptorData) descriptor = NULL;
      g_autoptr(GError)                    error = NULL;

      descriptor = smb_security_descriptor_data_decode (bytes, size, &error);
      g_assert_no_error (error);
      assert_written (descriptor, pairs[i][0]);
    }
}

static void
test_values (void)
{
  g_autoptr (SmbSecurityDescriptorData) descriptor
      = read_text ("O:BAD:P(OA;CI;CR;" GUID ";;AU)S:AI(AU;FA;RC;;;WD)");
  g_autoptr(SmbSecurityDescriptorData) simple = read_text ("D:(A;;FA;;;WD)");
  g_autoptr(SmbSecurityDescriptorData) none = read_text ("D:NO_ACCESS_CONTROL");
  const SmbAceData                    *ace = descriptor->dacl->aces->pdata[0];

  g_assert_cmphex (descriptor->control, ==,
                   SMB_SECURITY_CONTROL_SELF_RELATIVE | SMB_SECURITY_CONTROL_DACL_PRESENT |
                     SMB_SECURITY_CONTROL_DACL_PROTECTED | SMB_SECURITY_CONTROL_SACL_PRESENT |
                     SMB_SECURITY_CONTROL_SACL_AUTO_INHERITED);
  g_assert_null (descriptor->group);
  g_assert_cmpuint (descriptor->dacl->revision, ==, 4);
  g_assert_cmpuint (ace->type, ==, SMB_ACE_DATA_ACCESS_ALLOWED_OBJECT);
  g_assert_cmpuint (ace->flags, ==, 0x02);
  g_assert_cmphex (ace->mask, ==, 0x100);
  g_assert_cmpuint (ace->object_flags, ==, SMB_ACE_DATA_OBJECT_TYPE_PRESENT);
  assert_bytes (ace->object_type, 16, "ba7a96bfe60dd011a28500aa003049e2");
  g_assert_cmpuint (descriptor->sacl->revision, ==, 2);
  g_assert_cmpuint (simple->dacl->revision, ==, 2);
  g_assert_null (none->dacl);
  g_assert_cmphex (none->control & SMB_SECURITY_CONTROL_DACL_PRESENT, !=, 0);
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "x",
    "O",
    "O:",
    "O:XX",
    "O:B",
    "O:BAx",
    "O:BAO:BA",
    "G:BAG:BA",
    "D:D:",
    "S:S:",
    "O:S-1",
    "O:S-1-",
    "O:S-1-x",
    "O:S-1-5-4294967296",
    "O:S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16",
    "O:S-2-5-32-544",
    "O:ba",
    "D:X",
    "D:PX",
    "D:(",
    "D:()",
    "D:(A)",
    "D:(A;)",
    "D:(A;;FA;;;WD",
    "D:(A;;FA;;WD)",
    "D:(A;;FA;;;;WD)",
    "D:(A;;FA;;;)",
    "D:(A;;FA;;;WD))",
    "D:(A;XX;FA;;;WD)",
    "D:(A;O;FA;;;WD)",
    "D:(A;;XX;;;WD)",
    "D:(A;;F;;;WD)",
    "D:(A;;0x;;;WD)",
    "D:(A;;0x100000000;;;WD)",
    "D:(A;;4294967296;;;WD)",
    "D:(A;;1x;;;WD)",
    "D:(A;;-1;;;WD)",
    "D:(A;;FA;" GUID ";;WD)",
    "D:(A;;FA;;" GUID ";WD)",
    "D:(OA;;FA;x;;WD)",
    "D:(OA;;FA;" GUID "0;;WD)",
    "D:(OA;;FA;bf967aba-0de6-11d0-a285-00aa003049e;;WD)",
    "D: (A;;FA;;;WD)",
    "D:(A;;FA;;;WD) ",
    "D:NO_ACCESS_CONTROL(A;;FA;;;WD)",
    "D:(A;;FA;;;WD)NO_ACCESS_CONTROL",
    "D:(A;;NW;;;WD)",
    "D:(ML;;FA;;;LW)",
    "\xff",
    "D:(A;;FA;;;\xc3)",
    "O:DA",
    "D:(A;;FA;;;DU)",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_null (smb_sddl_read (texts[i], &error));
      g_assert_true (error->domain == SMB_ERROR);
      g_assert_true (error->code == SMB_ERROR_INVALID_ARGUMENT || error->code == SMB_ERROR_NOT_SUPPORTED);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_domain (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (smb_sddl_read ("O:DAD:", &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "domain"));
  g_assert_nonnull (strstr (error->message, "'DAD:'"));
}

static void
test_not_supported (void)
{
  static const char *const texts[] = {
    "D:(XA;;FA;;;WD;(@User.Title==\"VP\"))",
    "S:(RA;;;;;WD;(\"Project\",TS,0,\"Windows\"))",
    "D:(ZZ;;FA;;;WD)",
  };
  static const SmbAceDataType types[] = {
    SMB_ACE_DATA_ACCESS_ALLOWED_CALLBACK, SMB_ACE_DATA_SYSTEM_RESOURCE_ATTRIBUTE, 0x77,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(SmbSecurityDescriptorData) descriptor = read_text ("D:(A;;FA;;;WD)");
      SmbAceData                          *ace = descriptor->dacl->aces->pdata[0];
      g_autoptr(GError)                    error = NULL;

      g_assert_null (smb_sddl_read (texts[i], &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_SUPPORTED);
      g_clear_error (&error);
      ace->type = (guint8) types[i];
      g_assert_null (smb_sddl_write (descriptor, &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_SUPPORTED);
    }
}

/* Every beginning of a good text is read or refused, with nothing read beyond it. */
static void
test_prefixes (void)
{
  const char *text = "O:S-1-0x000000000005-32-544G:SYD:PAI(OA;OICI;0x1200a9;" GUID ";" GUID
                     ";AU)(A;;GRGX;;;BU)S:(ML;;NW;;;LW)";

  for (gsize size = 0; size < strlen (text); size++)
    {
      g_autofree char                     *copy = g_strndup (text, size);
      g_autoptr(GError)                    error = NULL;
      g_autoptr(SmbSecurityDescriptorData) descriptor = smb_sddl_read (copy, &error);

      g_assert_true ((descriptor == NULL) == (error != NULL));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sddl/both-ways", test_both_ways);
  g_test_add_func ("/sddl/other-forms", test_other_forms);
  g_test_add_func ("/sddl/others", test_others);
  g_test_add_func ("/sddl/values", test_values);
  g_test_add_func ("/sddl/refused", test_refused);
  g_test_add_func ("/sddl/domain", test_domain);
  g_test_add_func ("/sddl/not-supported", test_not_supported);
  g_test_add_func ("/sddl/prefixes", test_prefixes);

  return g_test_run ();
}
