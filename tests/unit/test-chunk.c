/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-chunk.h"

#include <string.h>

/* The buffers of a transfer. */

static void
test_bounded (void)
{
  SmbChunkPool         pool;
  g_autoptr(SmbChunk)  first = NULL;
  g_autoptr(SmbChunk)  second = NULL;

  smb_chunk_pool_init (&pool);
  pool.limit = 100;
  first = smb_chunk_pool_take (&pool, 60);
  g_assert_nonnull (first);
  g_assert_null (smb_chunk_pool_take (&pool, 41));
  g_assert_null (smb_chunk_pool_take (&pool, G_MAXSIZE));
  second = smb_chunk_pool_take (&pool, 40);
  g_assert_nonnull (second);
  g_assert_null (smb_chunk_pool_take (&pool, 1));

  smb_chunk_pool_give (&pool, g_steal_pointer (&second));
  second = smb_chunk_pool_take (&pool, 30);
  g_assert_nonnull (second);
  g_assert_cmpuint (second->capacity, ==, 40);
  g_assert_cmpuint (second->wanted, ==, 30);
  smb_chunk_pool_clear (&pool);
}

/* A transfer can go on whatever the limit. */
static void
test_first (void)
{
  SmbChunkPool        pool;
  g_autoptr(SmbChunk) chunk = NULL;

  smb_chunk_pool_init (&pool);
  pool.limit = 10;
  chunk = smb_chunk_pool_take (&pool, 1000);
  g_assert_nonnull (chunk);
  g_assert_null (smb_chunk_pool_take (&pool, 1));
  smb_chunk_pool_clear (&pool);
}

/* Chunks grow with the credits that there are: those that became too small make room for larger ones. */
static void
test_growth (void)
{
  SmbChunkPool        pool;
  g_autoptr(SmbChunk) chunk = NULL;

  smb_chunk_pool_init (&pool);
  pool.limit = 100;
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr(SmbChunk) small = smb_chunk_pool_take (&pool, 10);

      g_assert_nonnull (small);
      smb_chunk_pool_give (&pool, g_steal_pointer (&small));
    }
  chunk = smb_chunk_pool_take (&pool, 100);
  g_assert_nonnull (chunk);
  g_assert_cmpuint (pool.allocated, ==, 100);
  smb_chunk_pool_give (&pool, g_steal_pointer (&chunk));
  smb_chunk_pool_clear (&pool);
}

static void
test_reused (void)
{
  SmbChunkPool        pool;
  g_autoptr(SmbChunk) chunk = NULL;

  smb_chunk_pool_init (&pool);
  pool.limit = 10;
  chunk = smb_chunk_pool_take (&pool, 10);
  chunk->size = 10;
  chunk->sent = 5;
  chunk->last = TRUE;
  smb_chunk_pool_give (&pool, g_steal_pointer (&chunk));
  chunk = smb_chunk_pool_take (&pool, 10);
  g_assert_cmpuint (chunk->size, ==, 0);
  g_assert_cmpuint (chunk->sent, ==, 0);
  g_assert_false (chunk->last);
  g_assert_false (smb_chunk_is_complete (chunk));
  chunk->size = 10;
  g_assert_true (smb_chunk_is_complete (chunk));
  chunk->size = 1;
  chunk->last = TRUE;
  g_assert_true (smb_chunk_is_complete (chunk));
  smb_chunk_pool_clear (&pool);
}

/* What is being sent stays, whoever else has given it up. */
static void
test_unsent (void)
{
  SmbChunk          *chunk = smb_chunk_new (10);
  g_autoptr(GBytes)  unsent = NULL;

  memcpy (chunk->data, "0123456789", 10);
  chunk->size = 8;
  chunk->sent = 3;
  unsent = smb_chunk_dup_unsent (chunk);
  smb_chunk_unref (chunk);
  g_assert_cmpmem (g_bytes_get_data (unsent, NULL), g_bytes_get_size (unsent), "34567", 5);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/chunk/bounded", test_bounded);
  g_test_add_func ("/chunk/first", test_first);
  g_test_add_func ("/chunk/growth", test_growth);
  g_test_add_func ("/chunk/reused", test_reused);
  g_test_add_func ("/chunk/unsent", test_unsent);

  return g_test_run ();
}
