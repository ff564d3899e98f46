/* scribble - told by its trigger "go", once, it writes over everything that the engine shares with
 * the server, for two seconds from a thread of its own, or tries to write what only the server may.
 */
#define _GNU_SOURCE
#include "plain.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { GO, WHAT, PARAMS };
enum { ONES, RANDOM, ZEROS, MAP_SERVER, WRITE_SERVER, NONSENSE };

static jig_plugin plugin;
static jig_param params[PARAMS];
/* Who zeroes the place that it has read up to gets its events again. */
static atomic_bool begun;
static const jig_log_site refused = {"writing the server's region: errno %d", __FILE__, __LINE__,
                                     JIG_LOG_WARN};
static const jig_log_site done = {"scribbled %d times", __FILE__, __LINE__, JIG_LOG_WARN};

/* The regions are mapped once each; what follows the EngineRegion is written over in part, to keep
 * the test's memory in bounds. */
static char* mapping_of(const char* name, size_t* bytes) {
    char line[512];
    char* found = NULL;
    FILE* maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && found == NULL && fgets(line, sizeof line, maps) != NULL) {
        unsigned long begin = 0;
        unsigned long end = 0;
        if (strstr(line, name) != NULL && sscanf(line, "%lx-%lx", &begin, &end) == 2) {
            found = (char*)begin;
            *bytes = end - begin;
        }
    }
    if (maps != NULL) {
        fclose(maps);
    }
    return found;
}

static void fill(uint32_t* words, size_t count, int what, uint64_t* random) {
    for (size_t i = 0; i < count; ++i) {
        *random = *random * 6364136223846793005u + 1442695040888963407u;
        words[i] = what == ONES ? 0xffffffffu : what == ZEROS ? 0u : (uint32_t)(*random >> 32);
    }
}

static void scribble(jig_instance* self, int what) {
    size_t bytes = 0;
    char* region = mapping_of("memfd:jig-engine", &bytes);
    if (region == NULL) {
        return;
    }
    struct timespec begin;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    uint64_t random = 42;
    uint64_t times = 0;
    do {
        fill((uint32_t*)region, (bytes < 8u << 20 ? bytes : 8u << 20) / 4, what, &random);
        ++times;
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (now.tv_sec - begin.tv_sec < 2);
    fill((uint32_t*)region, (8u << 20) / 4, ZEROS, &random);
    nanosleep(&(struct timespec){0, 300000000}, NULL); /* the log's reader finds its place again */
    self->host->log(self->host->ctx, &done, &times, 1);
}

static void map_server(jig_instance* self) {
    size_t bytes = 0;
    char* region = mapping_of("memfd:jig-server", &bytes);
    uint64_t error = 0;
    if (region == NULL || mprotect(region, bytes, PROT_READ | PROT_WRITE) == 0) {
        self->host->log(self->host->ctx, &refused, &error, 1);
        return;
    }
    for (int fd = 3; fd < 64; ++fd) {
        char path[64];
        char name[64] = "";
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        if (readlink(path, name, sizeof name - 1) <= 0 || strstr(name, "jig-server") == NULL) {
            continue;
        }
        void* writable = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        error = writable == MAP_FAILED ? (uint64_t)errno : 0;
        if (error != 0 && pwrite(fd, "x", 1, 0) == 1) {
            error = 0;
        }
        self->host->log(self->host->ctx, &refused, &error, 1);
        return;
    }
    error = EBADF;
    self->host->log(self->host->ctx, &refused, &error, 1);
}

static void speak_nonsense(void) {
    char words[256];
    memset(words, 0xff, sizeof words);
    if (write(3, words, sizeof words) < 0) {
        perror("scribble");
    }
}

static void* act(void* argument) {
    jig_instance* self = argument;
    const int what = (int)self->blocks; /* taken over by process */
    size_t bytes = 0;
    switch (what) {
    case MAP_SERVER:
        map_server(self);
        break;
    case WRITE_SERVER:
        *(volatile char*)mapping_of("memfd:jig-server", &bytes) = 1;
        break;
    case NONSENSE:
        speak_nonsense();
        break;
    default:
        scribble(self, what);
    }
    return NULL;
}

static jig_status process(jig_instance* self, const jig_block* block) {
    plain_process(self, block);
    self->blocks = (uint64_t)block->params[WHAT];
    for (uint32_t e = 0; e < block->event_count; ++e) {
        pthread_t thread;
        if (block->events[e].type == JIG_EVENT_TRIGGER && !atomic_exchange(&begun, true) &&
            pthread_create(&thread, NULL, act, self) == 0) {
            pthread_detach(thread);
        }
    }
    return JIG_OK;
}

const jig_entry* jig_entry_v1(void) {
    plugin = plain_plugin("dev.jig.test.scribble");
    params[GO] = plain_param("go", 0, 1, 0);
    params[GO].flags = JIG_PARAM_TRIGGER;
    params[WHAT] = plain_param("what", 0, NONSENSE, 0);
    params[WHAT].step = 1;
    params[WHAT].flags = JIG_PARAM_STEPPED;
    PLAIN_SET_ARRAY(plugin.params, params);
    plugin.process = process;
    return plain_entry(&plugin);
}
