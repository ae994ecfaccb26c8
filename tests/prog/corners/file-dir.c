// mkdir, getdents, rename, link, unlink, rmdir, chdir, getcwd, *at calls, nftw
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
static int n;
static int visit(const char *p, const struct stat *s, int t, struct FTW *f) { n += t == FTW_F ? 1 : 100; return 0; }
int main(void)
{
    char b[4096];
    mkdir("d", 0700), mkdirat(AT_FDCWD, "d/e", 0700);
    int d = open("d", O_DIRECTORY | O_RDONLY);
    for (int i = 0; i < 50; i++) { sprintf(b, "file%02d", i); close(openat(d, b, O_CREAT | O_WRONLY, 0600)); }
    struct dirent **list;
    int k = scandir("d", &list, 0, alphasort);
    printf("%d %s %s\n", k, list[2]->d_name, list[k - 1]->d_name);
    renameat(d, "file00", d, "renamed"), linkat(d, "renamed", d, "linked", 0), unlinkat(d, "file01", 0);
    printf("%d\n", renameat2(d, "file02", d, "file03", RENAME_NOREPLACE)), printf("%d\n", errno == EEXIST);
    printf("%d\n", renameat2(d, "file02", d, "file03", RENAME_EXCHANGE));
    printf("%d %d\n", rmdir("d"), errno == ENOTEMPTY);
    symlinkat("file05", d, "sym");
    ssize_t l = readlinkat(d, "sym", b, sizeof b);
    printf("%.*s\n", (int)l, b);
    chdir("d");
    printf("%s\n", strrchr(getcwd(b, sizeof b), '/'));
    fchdir(open("e", O_RDONLY)), chdir("../..");
    nftw("d", visit, 10, FTW_PHYS);
    printf("%d\n", n);
    printf("%d\n", !!realpath("d/../d/e", b)), printf("%s\n", strrchr(b, '/'));
    DIR *p = opendir("d");
    int c = 0;
    while (readdir(p)) c++;
    rewinddir(p);
    while (readdir(p)) c++;
    printf("%d\n", c);
}
