// unique_symbol: a static inside an inline function, exported by default: STB_GNU_UNIQUE with GCC.
inline int* shared_by_all_builds() {
    static int value = 0;
    return &value;
}

__attribute__((visibility("default"))) int* jig_test_unique_symbol();
int* jig_test_unique_symbol() {
    return shared_by_all_builds();
}
