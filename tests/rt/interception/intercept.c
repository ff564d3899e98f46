/* intercept.c - stands in front of what the audio thread must not call: memory, locks, waiting,
 * files. The executable's functions come before any library's, for libraries and plugins alike, so
 * everybody's calls pass here and go on to the C library. */
#define _GNU_SOURCE
#include "watch.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

/* ---- Memory: the C library's own names for it need no look-up, which would allocate itself ----
 */

void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* at, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
void __libc_free(void* at);

void* malloc(size_t size) {
    const int entered = watch_enter("malloc");
    void* made = __libc_malloc(size);
    watch_leave(entered);
    return made;
}

void* calloc(size_t count, size_t size) {
    const int entered = watch_enter("calloc");
    void* made = __libc_calloc(count, size);
    watch_leave(entered);
    return made;
}

void* realloc(void* at, size_t size) {
    const int entered = watch_enter("realloc");
    void* made = __libc_realloc(at, size);
    watch_leave(entered);
    return made;
}

void free(void* at) {
    const int entered = watch_enter("free");
    __libc_free(at);
    watch_leave(entered);
}

void* memalign(size_t alignment, size_t size) {
    const int entered = watch_enter("memalign");
    void* made = __libc_memalign(alignment, size);
    watch_leave(entered);
    return made;
}

void* aligned_alloc(size_t alignment, size_t size) {
    const int entered = watch_enter("aligned_alloc");
    void* made = __libc_memalign(alignment, size);
    watch_leave(entered);
    return made;
}

int posix_memalign(void** made, size_t alignment, size_t size) {
    const int entered = watch_enter("posix_memalign");
    *made = __libc_memalign(alignment, size);
    watch_leave(entered);
    return *made != NULL ? 0 : 12; /* ENOMEM */
}

/* ---- All else ---- */

/* The next one of that name: the C library's. */
static void find(const char* name, void* real) {
    void* found = dlsym(RTLD_NEXT, name);
    if (found == NULL) {
        abort();
    }
    memcpy(real, &found, sizeof found);
}

#define INTERCEPT(type, name, parameters, arguments)                                               \
    type name parameters {                                                                         \
        static type(*real) parameters;                                                             \
        const int entered = watch_enter(#name);                                                    \
        if (real == NULL) {                                                                        \
            find(#name, &real);                                                                    \
        }                                                                                          \
        type result = real arguments;                                                              \
        watch_leave(entered);                                                                      \
        return result;                                                                             \
    }

/* Locks and waiting for another thread. */
INTERCEPT(int, pthread_mutex_lock, (pthread_mutex_t * m), (m))
INTERCEPT(int, pthread_mutex_trylock, (pthread_mutex_t * m), (m))
INTERCEPT(int, pthread_mutex_unlock, (pthread_mutex_t * m), (m))
INTERCEPT(int, pthread_mutex_timedlock, (pthread_mutex_t * m, const struct timespec* t), (m, t))
INTERCEPT(int, pthread_rwlock_rdlock, (pthread_rwlock_t * l), (l))
INTERCEPT(int, pthread_rwlock_wrlock, (pthread_rwlock_t * l), (l))
INTERCEPT(int, pthread_cond_wait, (pthread_cond_t * c, pthread_mutex_t* m), (c, m))
INTERCEPT(int, pthread_cond_timedwait,
          (pthread_cond_t * c, pthread_mutex_t* m, const struct timespec* t), (c, m, t))
INTERCEPT(int, pthread_cond_signal, (pthread_cond_t * c), (c))
INTERCEPT(int, pthread_cond_broadcast, (pthread_cond_t * c), (c))
INTERCEPT(int, pthread_once, (pthread_once_t * o, void (*f)(void)), (o, f))
INTERCEPT(int, pthread_join, (pthread_t t, void** x), (t, x))
INTERCEPT(int, pthread_create, (pthread_t * t, const pthread_attr_t* a, void* (*f)(void*), void* x),
          (t, a, f, x))
INTERCEPT(int, sem_wait, (sem_t * s), (s))
INTERCEPT(int, sem_timedwait, (sem_t * s, const struct timespec* t), (s, t))
INTERCEPT(int, sem_post, (sem_t * s), (s))

/* Waiting for time or for files. */
INTERCEPT(int, nanosleep, (const struct timespec* t, struct timespec* rest), (t, rest))
INTERCEPT(int, clock_nanosleep,
          (clockid_t c, int flags, const struct timespec* t, struct timespec* rest),
          (c, flags, t, rest))
INTERCEPT(int, usleep, (useconds_t us), (us))
INTERCEPT(unsigned, sleep, (unsigned s), (s))
INTERCEPT(int, sched_yield, (void), ())
INTERCEPT(int, poll, (struct pollfd * fds, nfds_t n, int ms), (fds, n, ms))
INTERCEPT(int, select, (int n, fd_set* r, fd_set* w, fd_set* e, struct timeval* t), (n, r, w, e, t))
INTERCEPT(int, epoll_wait, (int fd, struct epoll_event* e, int n, int ms), (fd, e, n, ms))

/* Files and memory from the kernel. */
INTERCEPT(ssize_t, read, (int fd, void* at, size_t n), (fd, at, n))
INTERCEPT(ssize_t, write, (int fd, const void* at, size_t n), (fd, at, n))
INTERCEPT(int, close, (int fd), (fd))
INTERCEPT(FILE*, fopen, (const char* path, const char* mode), (path, mode))
INTERCEPT(int, fclose, (FILE * f), (f))
INTERCEPT(int, fflush, (FILE * f), (f))
INTERCEPT(int, fputs, (const char* text, FILE* f), (text, f))
INTERCEPT(int, puts, (const char* text), (text))
INTERCEPT(int, putchar, (int c), (c))
INTERCEPT(size_t, fwrite, (const void* at, size_t n, size_t count, FILE* f), (at, n, count, f))
INTERCEPT(void*, mmap, (void* at, size_t n, int prot, int flags, int fd, off_t offset),
          (at, n, prot, flags, fd, offset))
INTERCEPT(int, munmap, (void* at, size_t n), (at, n))
INTERCEPT(int, mprotect, (void* at, size_t n, int prot), (at, n, prot))
INTERCEPT(int, madvise, (void* at, size_t n, int advice), (at, n, advice))
INTERCEPT(void*, dlopen, (const char* path, int flags), (path, flags))

/* open's third argument is there only for flags that create a file; passing on what is not there is
 * reading one register too many, which nobody looks at. */
int open(const char* path, int flags, ...) {
    static int (*real)(const char*, int, ...);
    va_list list;
    va_start(list, flags);
    const mode_t mode = va_arg(list, mode_t);
    va_end(list);
    const int entered = watch_enter("open");
    if (real == NULL) {
        find("open", &real);
    }
    const int result = real(path, flags, mode);
    watch_leave(entered);
    return result;
}

int printf(const char* format, ...) {
    va_list list;
    va_start(list, format);
    const int entered = watch_enter("printf");
    const int result = vprintf(format, list);
    watch_leave(entered);
    va_end(list);
    return result;
}

int fprintf(FILE* file, const char* format, ...) {
    va_list list;
    va_start(list, format);
    const int entered = watch_enter("fprintf");
    const int result = vfprintf(file, format, list);
    watch_leave(entered);
    va_end(list);
    return result;
}
