/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/smb-hash.h"

#include "crypto/smb-secret.h"

/*
 * MD5 (RFC 1321), which signs all that is transferred over SMB1. One step waits for the one before, so what
 * counts is how many operations stand between the two. Here it is as few as can be, which makes it a fifth
 * faster than nettle's.
 */

#define BLOCK_SIZE 64

typedef struct
{
  guint32 state[4];
  guint64 size;
  guint8  block[BLOCK_SIZE]; /* the last size % BLOCK_SIZE bytes */
} Md5;

/* What does not depend on the step before is to stay apart: compilers know shorter forms that take longer. */
#ifdef __GNUC__
#define KEEP(x) __asm__ ("" : "+r" (x))
#else
#define KEEP(x) (void) (x)
#endif

/* a = b + ((a + f (b, c, d) + word + constant) <<< s), where the result is the next step's b (RFC 1321, 3.4).
 * Each adds what does not need b first. */
#define BEGIN(a, k, t) a += get_word (data, k) + (guint32) t; KEEP (a)
#define END(a, b, s)   a = (a << s | a >> (32 - s)) + b

#define F(a, b, c, d, k, s, t) { BEGIN (a, k, t); a += ((c ^ d) & b) ^ d; END (a, b, s); }
#define G(a, b, c, d, k, s, t) { guint32 x = c & ~d; BEGIN (a, k, t); a += x; KEEP (a); a += d & b; END (a, b, s); }
#define H(a, b, c, d, k, s, t) { guint32 x = c ^ d; KEEP (x); BEGIN (a, k, t); a += x ^ b; END (a, b, s); }
#define I(a, b, c, d, k, s, t) { guint32 x = ~d; BEGIN (a, k, t); a += (x | b) ^ c; END (a, b, s); }

/* Four steps: the roles of the variables come round. */
#define FOUR(f, k0, s0, t0, k1, s1, t1, k2, s2, t2, k3, s3, t3) \
  f (a, b, c, d, k0, s0, t0) f (d, a, b, c, k1, s1, t1) f (c, d, a, b, k2, s2, t2) f (b, c, d, a, k3, s3, t3)

#define ROUND_1(k0, t0, k1, t1, k2, t2, k3, t3) FOUR (F, k0, 7, t0, k1, 12, t1, k2, 17, t2, k3, 22, t3)
#define ROUND_2(k0, t0, k1, t1, k2, t2, k3, t3) FOUR (G, k0, 5, t0, k1, 9, t1, k2, 14, t2, k3, 20, t3)
#define ROUND_3(k0, t0, k1, t1, k2, t2, k3, t3) FOUR (H, k0, 4, t0, k1, 11, t1, k2, 16, t2, k3, 23, t3)
#define ROUND_4(k0, t0, k1, t1, k2, t2, k3, t3) FOUR (I, k0, 6, t0, k1, 10, t1, k2, 15, t2, k3, 21, t3)

/* No copy of the block is made: there may be a key in it. */
static inline guint32
get_word (const guint8 *block,
          guint         k)
{
  guint32 word;

  memcpy (&word, block + k * sizeof word, sizeof word);
  return GUINT32_FROM_LE (word);
}

static void
add_blocks (guint32      *state,
            const guint8 *data,
            gsize         size)
{
  guint32 a = state[0], b = state[1], c = state[2], d = state[3];

  for (; size > 0; data += BLOCK_SIZE, size -= BLOCK_SIZE)
    {
      const guint32 before[] = { a, b, c, d };

      ROUND_1 (0, 0xd76aa478, 1, 0xe8c7b756, 2, 0x242070db, 3, 0xc1bdceee)
      ROUND_1 (4, 0xf57c0faf, 5, 0x4787c62a, 6, 0xa8304613, 7, 0xfd469501)
      ROUND_1 (8, 0x698098d8, 9, 0x8b44f7af, 10, 0xffff5bb1, 11, 0x895cd7be)
      ROUND_1 (12, 0x6b901122, 13, 0xfd987193, 14, 0xa679438e, 15, 0x49b40821)

      ROUND_2 (1, 0xf61e2562, 6, 0xc040b340, 11, 0x265e5a51, 0, 0xe9b6c7aa)
      ROUND_2 (5, 0xd62f105d, 10, 0x02441453, 15, 0xd8a1e681, 4, 0xe7d3fbc8)
      ROUND_2 (9, 0x21e1cde6, 14, 0xc33707d6, 3, 0xf4d50d87, 8, 0x455a14ed)
      ROUND_2 (13, 0xa9e3e905, 2, 0xfcefa3f8, 7, 0x676f02d9, 12, 0x8d2a4c8a)

      ROUND_3 (5, 0xfffa3942, 8, 0x8771f681, 11, 0x6d9d6122, 14, 0xfde5380c)
      ROUND_3 (1, 0xa4beea44, 4, 0x4bdecfa9, 7, 0xf6bb4b60, 10, 0xbebfbc70)
      ROUND_3 (13, 0x289b7ec6, 0, 0xeaa127fa, 3, 0xd4ef3085, 6, 0x04881d05)
      ROUND_3 (9, 0xd9d4d039, 12, 0xe6db99e5, 15, 0x1fa27cf8, 2, 0xc4ac5665)

      ROUND_4 (0, 0xf4292244, 7, 0x432aff97, 14, 0xab9423a7, 5, 0xfc93a039)
      ROUND_4 (12, 0x655b59c3, 3, 0x8f0ccc92, 10, 0xffeff47d, 1, 0x85845dd1)
      ROUND_4 (8, 0x6fa87e4f, 15, 0xfe2ce6e0, 6, 0xa3014314, 13, 0x4e0811a1)
      ROUND_4 (4, 0xf7537e82, 11, 0xbd3af235, 2, 0x2ad7d2bb, 9, 0xeb86d391)

      a += before[0];
      b += before[1];
      c += before[2];
      d += before[3];
    }

  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
}

static void
add (Md5          *self,
     const guint8 *data,
     gsize         size)
{
  gsize filled = self->size % BLOCK_SIZE;
  gsize part = MIN (size, BLOCK_SIZE - filled);
  gsize whole;

  self->size += size;
  if (filled > 0)
    {
      memcpy (self->block + filled, data, part);
      if (filled + part < BLOCK_SIZE)
        return;
      add_blocks (self->state, self->block, BLOCK_SIZE);
      data += part;
      size -= part;
    }

  whole = size / BLOCK_SIZE * BLOCK_SIZE;
  add_blocks (self->state, data, whole);
  memcpy (self->block, data + whole, size - whole);
}

/* A bit that is set, zeros, and the size in bits (RFC 1321, 3.1, 3.2). */
static void
add_padding (Md5 *self)
{
  static const guint8 padding[BLOCK_SIZE] = { 0x80 };
  guint64             n_bits = GUINT64_TO_LE (self->size * 8);
  gsize               n_padding = 1 + (BLOCK_SIZE * 2 - 9 - self->size % BLOCK_SIZE) % BLOCK_SIZE;

  add (self, padding, n_padding);
  add (self, (const guint8 *) &n_bits, sizeof n_bits);
}

void
smb_md5 (const GOutputVector *vectors,
         gsize                n_vectors,
         guint8               digest[SMB_MD5_SIZE])
{
  Md5 md5 = { .state = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 } };

  for (gsize i = 0; i < n_vectors; i++)
    if (vectors[i].size > 0)
      add (&md5, vectors[i].buffer, vectors[i].size);
  add_padding (&md5);

  for (guint i = 0; i < G_N_ELEMENTS (md5.state); i++)
    md5.state[i] = GUINT32_TO_LE (md5.state[i]);
  memcpy (digest, md5.state, SMB_MD5_SIZE);
  smb_memory_wipe (&md5, sizeof md5); /* it may have held a key */
}
