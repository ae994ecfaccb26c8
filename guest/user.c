/* user.c - the programs that run on the guest, each of which knows what its data must be.
 *
 * Every program goes round and round over memory of its own and checks each time that it finds there what
 * it left. They follow pointers and indices out of their data without looking twice, as programs do; if a
 * page shows old contents, they soon reach for an address that is not theirs, or find that two and two
 * are five and say so.
 *
 * The kernel gives a process zeroes wherever it first touches its heap (0x40000 to 0x80000) and its stack.
 * Start reading at user_main().
 */
#include <stdint.h>

#define HEAP 0x40000u
enum { PAGE = 4096 };

/* The kernel's services: exit with a result, or say that data is wrong. Neither comes back. */
static __attribute__((noreturn)) void leave(uint32_t service, uint32_t value)
{
    register uint32_t r0 __asm__("r0") = service;
    register uint32_t r1 __asm__("r1") = value;
    __asm__ volatile("swi 0" : : "r"(r0), "r"(r1) : "memory");
    __builtin_unreachable();
}

static void check(uint32_t is, uint32_t must_be)
{
    if (is != must_be)
        leave(1, is);
}

static uint32_t next_random(uint32_t *state)
{
    return *state = *state * 1664525 + 1013904223;
}

/* ---- a list with one node at the start of each page, and some in the middle ---- */

struct node { struct node *next; uint32_t value; };

static uint32_t walk_list(uint32_t rounds)
{
    enum { NODES = 48 };
    struct node *first = 0;
    uint32_t sum = 0;
    for (uint32_t i = 0; i < NODES; i++) {
        uint32_t page = i * 7 % 24;
        struct node *n = (struct node *)(HEAP + page * PAGE + (i < 24 ? 0 : 1024 + 64 * page));
        n->value = i * i;
        n->next = first;
        first = n;
        sum += n->value;
    }
    for (; rounds; rounds--)
        for (int i = 0; i < 40; i++) {
            uint32_t found = 0;
            for (struct node *n = first; n; n = n->next)
                found += n->value;
            check(found, sum);
        }
    return sum;
}

/* ---- sorting: an index array is sorted by the keys it points to ---- */

static uint32_t sort_indices(uint32_t rounds)
{
    enum { N = 512 };
    uint32_t *keys = (uint32_t *)HEAP;
    uint32_t **index = (uint32_t **)(HEAP + 4 * PAGE), seed = 1, sum = 0;
    for (uint32_t i = 0; i < N; i++)
        sum += keys[i] = next_random(&seed) >> 8;
    for (; rounds; rounds--) {
        for (uint32_t i = 0; i < N; i++)
            index[i] = &keys[(i * 331 + rounds) % N];
        for (uint32_t gap = N / 2; gap; gap /= 2) /* Shell's */
            for (uint32_t i = gap; i < N; i++) {
                uint32_t *x = index[i], j = i;
                for (; j >= gap && *index[j - gap] > *x; j -= gap)
                    index[j] = index[j - gap];
                index[j] = x;
            }
        uint32_t found = *index[0];
        for (uint32_t i = 1; i < N; i++) {
            check(*index[i - 1] <= *index[i], 1);
            found += *index[i];
        }
        check(found, sum);
    }
    return sum;
}

/* ---- a sieve of Eratosthenes over 32K ---- */

static uint32_t sieve(uint32_t rounds)
{
    enum { N = 8 * PAGE, PRIMES = 3512 };
    uint8_t *composite = (uint8_t *)HEAP;
    for (; rounds; rounds--) {
        uint32_t primes = 0;
        for (uint32_t i = 2; i < N; i++)
            composite[i] = 0;
        for (uint32_t i = 2; i < N; i++) {
            primes += !composite[i];
            for (uint32_t j = i * i; i < 182 && !composite[i] && j < N; j += i)
                composite[j] = 1;
        }
        check(primes, PRIMES);
    }
    return PRIMES;
}

/* ---- a binary tree, searched from the root ---- */

struct tree { struct tree *left, *right; uint32_t key; };

static uint32_t search_tree(uint32_t rounds)
{
    enum { NODES = 1000 };
    struct tree *pool = (struct tree *)HEAP, *root = 0;
    uint32_t seed = 7, depths = 0, first = 0;
    for (uint32_t i = 0; i < NODES; i++) {
        struct tree **at = &root;
        pool[i].key = next_random(&seed);
        while (*at)
            at = pool[i].key < (*at)->key ? &(*at)->left : &(*at)->right;
        *at = &pool[i];
    }
    for (; rounds; rounds--) {
        depths = 0;
        for (uint32_t i = 0; i < NODES; i += 3)
            for (struct tree *t = root; t->key != pool[i].key; depths++)
                t = pool[i].key < t->key ? t->left : t->right;
        first = first ? first : depths;
        check(depths, first);
    }
    return depths;
}

/* ---- words, built, reversed and hashed through a table of pointers ---- */

static uint32_t hash_words(uint32_t rounds)
{
    enum { WORDS = 256 };
    char **word = (char **)HEAP;
    uint32_t first = 0, hash = 0;
    for (uint32_t i = 0; i < WORDS; i++) {
        char *w = (char *)(HEAP + PAGE + i * 40);
        word[i] = w;
        for (uint32_t k = 0; k < 8 + i % 24; k++)
            w[k] = 'a' + (i + k * k) % 26;
    }
    for (; rounds; rounds--) {
        hash = 2166136261u;
        for (uint32_t i = 0; i < WORDS; i++) {
            char *a = word[i], *end = a;
            while (*end)
                hash = (hash ^ (uint8_t)*end++) * 16777619;
            for (char *b = end; a < --b; a++) { /* reversed in place */
                char c = *a;
                *a = *b;
                *b = c;
            }
        }
        if (rounds & 1) {
            first = first ? first : hash;
            check(hash, first);
        }
    }
    return first;
}

/* ---- what the kernel's `bench` runs: much arithmetic over little memory, and nothing else ---- */

static uint32_t compute(uint32_t rounds)
{
    uint32_t *a = (uint32_t *)HEAP, sum = 0, seed = 1;
    for (uint32_t i = 0; i < 1024; i++)
        a[i] = next_random(&seed);
    for (; rounds; rounds--)
        for (uint32_t i = 0; i < 1024; i++) {
            uint32_t x = a[i];
            x ^= x << 13;
            x ^= x >> 17;
            x ^= x << 5;
            sum += a[i] = x + (sum >> 3);
        }
    return sum;
}

uint32_t user_main(uint32_t program, uint32_t rounds)
{
    switch (program) {
    case 0: return walk_list(rounds);
    case 1: return sort_indices(rounds);
    case 2: return sieve(rounds);
    case 3: return search_tree(rounds);
    case 4: return hash_words(rounds);
    default: return compute(rounds);
    }
}

/* r0: which program, r1: how many rounds; the kernel has set up the stack. */
__attribute__((noreturn, section(".text.start"))) void _start(uint32_t program, uint32_t rounds)
{
    leave(0, user_main(program, rounds));
}
