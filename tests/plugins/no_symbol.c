/* no_symbol - a shared library, but no plugin. */
#include <jig/plugin.h>

JIG_EXPORT int just_a_function(void);
int just_a_function(void) {
    return 42;
}
