#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

cp "$IMMURE_SOURCE/examples/build-step.toml" .
run_ok "$IMMURE" check build-step.toml
assert_eq "$output$errors" '' 'what check says'
run_ok "$IMMURE" build build-step.toml -o build-step
mkdir project
cat >project/Makefile <<'END'
$(OUT)/hello: hello.o
	cc -o $@ hello.o
hello.o: hello.c
	cc -c -o $@ hello.c
clean:
	rm -f hello.c Makefile
END
printf '#include <stdio.h>\nint main(void) { puts("built inside"); return 0; }\n' >project/hello.c
cd project
run_ok ../build-step
run_ok out/hello
assert_eq "$output" 'built inside'
assert_eq "$(ls)" $'Makefile\nhello.c\nout' 'the source tree'
run_ok ../build-step clean
assert_eq "$(ls)" $'Makefile\nhello.c\nout' 'the source tree after make clean'
run ../build-step no-such-target
assert_status 2
