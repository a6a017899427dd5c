/* A disk whose caches take SLOW_DISK_MS to flush, for benches on machines whose disk answers sooner:
 *   cc -O2 -shared -fPIC -o slow-disk.so bench/slow-disk.c
 *   SLOW_DISK_MS=5 LD_PRELOAD=./slow-disk.so program
 * The real flush is done; what is left of the time is waited. One flush at a time in each process, as one disk does it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

static pthread_mutex_t disk = PTHREAD_MUTEX_INITIALIZER;

static int flush(const char *name, int fd)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    const char *ms = getenv("SLOW_DISK_MS");
    struct timespec until;
    pthread_mutex_lock(&disk);
    clock_gettime(CLOCK_MONOTONIC, &until);
    int done = real(fd);
    long ns = until.tv_nsec + (long)((ms ? atof(ms) : 0) * 1e6);
    until.tv_sec += ns / 1000000000L;
    until.tv_nsec = ns % 1000000000L;
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL)) { }
    pthread_mutex_unlock(&disk);
    return done;
}

int fsync(int fd) { return flush("fsync", fd); }
int fdatasync(int fd) { return flush("fdatasync", fd); }
