/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "smb-error.h"
#include "smb-uri.h"

typedef struct
{
  const char *text;
  const char *domain;
  const char *user;
  const char *host;
  guint16     port;
  const char *share;
  const char *path;
} UriCase;

static const UriCase good[] = {
  { "smb://server", NULL, NULL, "server", 0, "", "" },
  { "smb://server/", NULL, NULL, "server", 0, "", "" },
  { "SMB://server/share", NULL, NULL, "server", 0, "share", "" },
  { "smb://server/share/", NULL, NULL, "server", 0, "share", "" },
  { "smb://server/IPC$", NULL, NULL, "server", 0, "IPC$", "" },
  { "smb://WORK;ada@server:1445/share/a/b.txt", "WORK", "ada", "server", 1445, "share", "a/b.txt" },
  { "smb://ada@server/share", NULL, "ada", "server", 0, "share", "" },
  { "smb://ada%40example.org@server/share", NULL, "ada@example.org", "server", 0, "share", "" },
  { "smb://W%3BX;a%3Ab@server/share", "W;X", "a:b", "server", 0, "share", "" },
  { "smb://;ada@server/share", NULL, "ada", "server", 0, "share", "" },
  { "smb://WORK;@server/share", "WORK", NULL, "server", 0, "share", "" },
  { "smb://@server/share", NULL, NULL, "server", 0, "share", "" },
  { "smb://server:0/share", NULL, NULL, "server", 0, "share", "" },
  { "smb://192.0.2.7:445/share", NULL, NULL, "192.0.2.7", 445, "share", "" },
  { "smb://[2001:db8::1]:139/share", NULL, NULL, "2001:db8::1", 139, "share", "" },
  { "smb://[fe80::1%25eth0]/share", NULL, NULL, "fe80::1%eth0", 0, "share", "" },
  { "smb://server/my%20share//a%25b/c%23d//", NULL, NULL, "server", 0, "my share", "a%b/c#d" },
  { "smb://server/share/a b/\xc3\xa9/%F0%9F%98%80", NULL, NULL, "server", 0, "share",
    "a b/\xc3\xa9/\xf0\x9f\x98\x80" },
};

static void
test_good (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      const UriCase *c = &good[i];
      g_autoptr(GError) error = NULL;
      g_autoptr(SmbUri) uri = smb_uri_parse (c->text, &error);

      g_test_message ("%s", c->text);
      g_assert_no_error (error);
      g_assert_cmpstr (smb_uri_get_domain (uri), ==, c->domain);
      g_assert_cmpstr (smb_uri_get_user (uri), ==, c->user);
      g_assert_cmpstr (smb_uri_get_host (uri), ==, c->host);
      g_assert_cmpuint (smb_uri_get_port (uri), ==, c->port);
      g_assert_cmpstr (smb_uri_get_share (uri), ==, c->share);
      g_assert_cmpstr (smb_uri_get_path (uri), ==, c->path);
    }
}

static void
test_bad (void)
{
  static const char *const texts[] = {
    "",
    "server/share",
    "//server/share",
    "http://server/share",
    "smb:server/share",
    "smb:///share",
    "smb://user@/share",
    "smb://a@b@server/share",
    "smb://ser ver/share",
    "smb://server:99999/share",
    "smb://server:x/share",
    "smb://[::1/share",
    "smb://server/share/a%2Fb",
    "smb://server/share/a%5Cb",
    "smb://server/share/a\\b",
    "smb://server/a%2Fb",
    "smb://server/share/file:stream",
    "smb://server/share/%00",
    "smb://server/share/%ff",
    "smb://server/share/100%",
    "smb://%ff@server/share",
    "smb://server/share/a?b",
    "smb://server/share/a#b",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", texts[i]);
      g_assert_null (smb_uri_parse (texts[i], &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
    }
}

/* A password is refused, and the message does not spread it. */
static void
test_password (void)
{
  static const char *const texts[] = {
    "smb://ada:hunter2@server/share", "smb://W;ada:hunter2@server/share", "smb://:hunter2@server",
    "smb://ada:@server/share",        "smb://ada:hun/ter2@server/share",  "smb://ada:hunter2@server:x/share",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (smb_uri_parse (texts[i], &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
      g_assert_null (strstr (error->message, "hun"));
    }
}

static void
test_properties (void)
{
  g_autoptr(SmbUri) uri = smb_uri_parse ("smb://WORK;ada@server:445/share/path", NULL);
  g_autofree char *domain = NULL;
  g_autofree char *user = NULL;
  g_autofree char *host = NULL;
  g_autofree char *share = NULL;
  g_autofree char *path = NULL;
  guint port;

  g_object_get (uri, "domain", &domain, "user", &user, "host", &host, "port", &port, "share", &share,
                "path", &path, NULL);
  g_assert_cmpstr (domain, ==, "WORK");
  g_assert_cmpstr (user, ==, "ada");
  g_assert_cmpstr (host, ==, "server");
  g_assert_cmpuint (port, ==, 445);
  g_assert_cmpstr (share, ==, "share");
  g_assert_cmpstr (path, ==, "path");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/uri/good", test_good);
  g_test_add_func ("/uri/bad", test_bad);
  g_test_add_func ("/uri/password", test_password);
  g_test_add_func ("/uri/properties", test_properties);

  return g_test_run ();
}
