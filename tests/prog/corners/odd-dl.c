// dlopen of libm and of a missing library, dladdr, iconv, locales, passwd, wordexp
#define _GNU_SOURCE
#include <dlfcn.h>
#include <iconv.h>
#include <locale.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <wordexp.h>
int main(void)
{
    void *l = dlopen("libm.so.6", RTLD_NOW);
    double (*c)(double) = dlsym(l, "cos");
    printf("%.3f %d\n", c(1), dlopen("libnone.so", RTLD_NOW) == 0);
    Dl_info i;
    printf("%d %s\n", dladdr((void *)c, &i) != 0, strrchr(i.dli_fname, '/'));
    printf("%d\n", dlclose(l));
    iconv_t cd = iconv_open("UTF-16LE", "ISO-8859-1");
    char in[] = "abc", out[16], *p = in, *o = out;
    size_t n = 3, k = 16;
    printf("%zd %zu\n", iconv(cd, &p, &n, &o, &k), k);
    printf("%d\n", setlocale(LC_ALL, "") != 0);
    struct passwd *w = getpwuid(0);
    puts(w ? w->pw_name : "nobody");
    wordexp_t we;
    printf("%d %zu\n", wordexp("a b $((3*4)) ~root", &we, 0), we.we_wordc), puts(we.we_wordv[2]);
}
