/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <malloc.h>

#include "plugin/smb-frame.h"

/* The memory of large frames, which the allocator would give back to the system. */

#define LARGE    (512 * 1024)
#define TAIL     (200 * 1024)
#define N_FRAMES 3
#define N_ROUNDS 50
#define MARK     0xA5

/* Whether the frame's bytes lie where others have been. What was given to the allocator meanwhile lost its mark. */
static gboolean
fill (SmbFrame *frame,
      gsize     size)
{
  GByteArray *bytes = smb_frame_take_bytes (size);
  gboolean    is_used;

  g_byte_array_set_size (bytes, size);
  is_used = bytes->data[TAIL / 2] == MARK;
  memset (bytes->data, MARK, size);
  smb_frame_set_bytes (frame, bytes);
  return is_used;
}

static guint
run_round (void)
{
  SmbFrame            *frames[N_FRAMES];
  g_autoptr(SmbFrame)  tail = NULL;
  guint                n_used = 0;

  for (guint i = 0; i < N_FRAMES; i++)
    {
      frames[i] = smb_frame_new ();
      n_used += fill (frames[i], LARGE);
    }
  for (guint i = 0; i < N_FRAMES; i++)
    smb_frame_free (frames[i]);
  tail = smb_frame_new ();
  fill (tail, TAIL);
  return n_used;
}

/* The last request of each file is smaller than the others, and must not use the memory up. */
static void
test_used_again (void)
{
  run_round ();
  for (guint i = 0; i < N_ROUNDS; i++)
    g_assert_cmpuint (run_round (), >=, N_FRAMES - 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mallopt (M_PERTURB, 0x11);

  g_test_add_func ("/frame/used-again", test_used_again);

  return g_test_run ();
}
