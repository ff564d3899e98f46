/* Preloaded into dev-server, puts its engine process, and that alone, under the command in
 * JIG_ENGINE_UNDER (words without blanks), such as valgrind. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>

typedef int Spawn(pid_t*, const char*, const posix_spawn_file_actions_t*, const posix_spawnattr_t*,
                  char* const[], char* const[]);

enum { MAX_WORDS = 64 };

int posix_spawn(pid_t* pid, const char* path, const posix_spawn_file_actions_t* actions,
                const posix_spawnattr_t* attributes, char* const argv[], char* const envp[]) {
    Spawn* spawn = NULL;
    void* found = dlsym(RTLD_NEXT, "posix_spawn");
    memcpy(&spawn, &found, sizeof spawn); /* ISO C has no cast from data to functions */
    const char* under = getenv("JIG_ENGINE_UNDER");
    if (under == NULL || argv[1] == NULL || strcmp(argv[1], "engine") != 0) {
        return spawn(pid, path, actions, attributes, argv, envp);
    }
    char* command = strdup(under);
    if (command == NULL) {
        return ENOMEM;
    }
    char* words[MAX_WORDS];
    int count = 0;
    char* rest = NULL;
    for (char* word = strtok_r(command, " ", &rest); word != NULL && count < MAX_WORDS - 8;
         word = strtok_r(NULL, " ", &rest)) {
        words[count++] = word;
    }
    for (int i = 0; argv[i] != NULL && count < MAX_WORDS - 1; ++i) {
        words[count++] = argv[i];
    }
    words[count] = NULL;
    const int failed = spawn(pid, words[0], actions, attributes, words, envp);
    free(command);
    return failed;
}
