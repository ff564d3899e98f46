/* watch.h - says when the audio callback does what it must not: calls that are intercepted, system
 * calls, page faults. */
#ifndef JIG_TEST_WATCH_H
#define JIG_TEST_WATCH_H

#ifdef __cplusplus
extern "C" {
#endif

/* Called by each intercepted function before it does its work. Inside the callback it keeps the
 * name and who called, and looks away until watch_leave, so that one fault is told once. */
int watch_enter(const char* function);
void watch_leave(int entered);

#ifdef __cplusplus
}
#endif

#endif /* JIG_TEST_WATCH_H */
