/* sinner - does in process what a parameter says, each of it forbidden on the audio thread. */
#define _GNU_SOURCE
#include "tests/plugins/plain.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { FRESH_BYTES = 1 << 20 };

static jig_plugin plugin;
static jig_param params[1];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static void* volatile kept;
static char* volatile fresh;

static void lock_and_wait(void) {
    const struct timespec past = {0, 0};
    pthread_mutex_lock(&mutex);
    pthread_cond_timedwait(&condition, &mutex, &past);
    pthread_mutex_unlock(&mutex);
}

static void sleep_and_poll(void) {
    const struct timespec moment = {0, 1};
    nanosleep(&moment, NULL);
    poll(NULL, 0, 0);
}

static void use_files(void) {
    char byte = 0;
    const int file = open("/dev/zero", O_RDWR);
    if (file >= 0 && read(file, &byte, 1) == 1 && write(file, &byte, 1) == 1) {
        close(file);
    }
}

static void map_memory(void) {
    void* made = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(made, 4096);
}

static void touch_fresh_pages(void) {
    for (size_t at = 0; fresh != NULL && at < FRESH_BYTES; at += 4096) {
        fresh[at] = 1;
    }
}

static void sin_(int which) {
    switch (which) {
    case 1:
        kept = malloc(16);
        kept = realloc(kept, 32);
        free(kept);
        break;
    case 2:
        kept = calloc(1, 16);
        free(kept);
        break;
    case 3:
        lock_and_wait();
        break;
    case 4:
        pthread_rwlock_rdlock(&rwlock);
        pthread_rwlock_unlock(&rwlock);
        break;
    case 5:
        use_files();
        break;
    case 6:
        map_memory();
        break;
    case 7:
        sleep_and_poll();
        break;
    case 8:
        puts("sinner speaks");
        break;
    case 9:
        syscall(SYS_getppid);
        break;
    case 10:
        syscall(SYS_futex, &kept, 1, 1, NULL, NULL, 0); /* FUTEX_WAKE, nobody waits */
        break;
    case 11:
        lseek(STDOUT_FILENO, 0, SEEK_CUR); /* no function that anybody intercepts */
        break;
    case 12:
        touch_fresh_pages();
        break;
    default:
        break;
    }
}

static jig_status process(jig_instance* self, const jig_block* block) {
    plain_process(self, block);
    sin_((int)block->params[0]);
    return JIG_OK;
}

static jig_status activate(jig_instance* self, const jig_config* config) {
    void* made =
        mmap(NULL, FRESH_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    fresh = made != MAP_FAILED ? made : NULL;
    return plain_activate(self, config);
}

static void deactivate(jig_instance* self) {
    (void)self;
    munmap(fresh, FRESH_BYTES);
    fresh = NULL;
}

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.sinner");
    params[0] = plain_param("sin", 0, 12, 0);
    params[0].step = 1;
    params[0].flags = JIG_PARAM_STEPPED;
    PLAIN_SET_ARRAY(plugin.params, params);
    plugin.process = process;
    plugin.activate = activate;
    plugin.deactivate = deactivate;
    return plain_entry(&plugin);
}
