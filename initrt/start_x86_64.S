// The launcher's first instruction, and the one clone(2) that C++ cannot express.
    .section .text.start,"ax",@progbits
    .globl _start
_start:
    xor  %ebp, %ebp
    mov  %rsp, %rdi          // argc, argv, envp and auxv, see elf(5) and the System V ABI for x86-64, 3.4.1
    and  $-16, %rsp
    call launcher_main
    hlt

// long clone_on_stack(unsigned long flags, void* stack_top, void (*run)(void*), void* argument)
// The child runs `run` on a stack of its own and must not return; the parent gets the child's pid or a negative errno.
    .text
    .globl clone_on_stack
clone_on_stack:
    mov  %rdx, %r9           // run: the kernel keeps r9
    mov  %rcx, %r8           // argument: r8 is the TLS argument, which no flag of ours makes the kernel look at
    and  $-16, %rsi
    xor  %edx, %edx
    xor  %r10d, %r10d
    mov  $56, %eax           // __NR_clone
    syscall
    test %rax, %rax
    jnz  1f
    xor  %ebp, %ebp
    mov  %r8, %rdi
    call *%r9
    hlt
1:  ret

// The plan's place: `link` replaces this by a plan.
    .section .immure,"a",@progbits
    .balign 4096
    .quad 0
    .section .note.GNU-stack,"",@progbits
