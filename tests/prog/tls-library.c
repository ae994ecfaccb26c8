/* A library with a thread-local variable, for tls.c. */
__thread long theirs = 100;
__thread long many[100];

long touch(long value)
{
    many[99] = theirs;
    return theirs = value;
}
