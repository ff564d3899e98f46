/* A library that a plugin needs. */
float reload_helper_gain(void);

float reload_helper_gain(void) {
    return 0.5F;
}
