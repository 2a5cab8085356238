/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "password.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define MAX_SIZE 1024

static int            terminal = -1;
static struct termios terminal_settings; /* as they were, while it does not echo */

static gboolean
fail_with_errno (GError     **error,
                 const char  *what)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", what, g_strerror (code));
  return FALSE;
}

/* The first line of @fd. Byte by byte, since what follows it is not ours. */
static char *
read_line (int      fd,
           GError **error)
{
  char    line[MAX_SIZE + 1] = "";
  gsize   size = 0;
  gssize  count;
  char   *password = NULL;

  while ((count = TEMP_FAILURE_RETRY (read (fd, line + size, 1))) == 1 && line[size] != '\n' &&
         size < MAX_SIZE)
    size++;

  if (count < 0)
    fail_with_errno (error, "Cannot read the password");
  else if (size == MAX_SIZE)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The password is too long");
  else if (!g_utf8_validate (line, size, NULL))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The password is not valid UTF-8");
  else
    password = g_strndup (line, size);

  explicit_bzero (line, sizeof line);
  return password;
}

/* Ctrl-C at the question must not leave a terminal behind that shows nothing any more. */
static void
restore_and_die (int number)
{
  tcsetattr (terminal, TCSANOW, &terminal_settings);
  raise (number);
}

static gboolean
stop_echo (GError **error)
{
  struct sigaction action = { .sa_handler = restore_and_die, .sa_flags = SA_RESETHAND };
  struct termios   silent;

  if (tcgetattr (terminal, &terminal_settings) != 0)
    return fail_with_errno (error, "Cannot ask for the password");

  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
  silent = terminal_settings;
  silent.c_lflag &= ~ECHO;
  if (tcsetattr (terminal, TCSAFLUSH, &silent) != 0)
    return fail_with_errno (error, "Cannot ask for the password");
  return TRUE;
}

static void
start_echo (void)
{
  tcsetattr (terminal, TCSAFLUSH, &terminal_settings);
  signal (SIGINT, SIG_DFL);
  signal (SIGTERM, SIG_DFL);
}

char *
password_from_terminal (const char  *user,
                        const char  *host,
                        GError     **error)
{
  char *password = NULL;

  terminal = open ("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "There is no terminal to ask for the password of %s on: use --password-file", user);
      return NULL;
    }

  if (stop_echo (error))
    {
      dprintf (terminal, "Password of %s on %s: ", user, host);
      password = read_line (terminal, error);
      dprintf (terminal, "\n");
      start_echo ();
    }
  close (terminal);
  return password;
}

char *
password_from_file (const char  *path,
                    GError     **error)
{
  char *password;
  int   fd;

  if (strcmp (path, "-") == 0)
    return read_line (STDIN_FILENO, error);

  fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    {
      fail_with_errno (error, path);
      return NULL;
    }
  password = read_line (fd, error);
  close (fd);
  return password;
}

void
password_free (char *password)
{
  if (password != NULL)
    explicit_bzero (password, strlen (password));
  g_free (password);
}
