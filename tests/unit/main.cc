// Runs the tests of an executable; apart from them, because Catch2 v2 compiles its runner here.
#define CATCH_CONFIG_RUNNER
#include "tests/unit/catch.h"

int main(int argc, char** argv) { return Catch::Session().run(argc, argv); }
