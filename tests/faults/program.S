# The program of the fault tests, and its daemon. It makes only calls that the launcher never makes, so that no injected fault ever meets it: open, pread64, writev, pause, exit.
# It prints its own /proc/self/status, which tells whether it was confined. With an argument it is the daemon, which makes the file of that name and waits for its end.
.globl _start
_start:
    cmpq $1, (%rsp)
    ja daemon
    mov $2, %eax                 # open
    lea status(%rip), %rdi
    xor %esi, %esi
    syscall
    mov %eax, %edi
    mov $17, %eax                # pread64
    lea buffer(%rip), %rsi
    mov $4096, %edx
    xor %r10d, %r10d
    syscall
    mov %rax, size(%rip)
    mov $20, %eax                # writev
    mov $1, %edi
    lea vector(%rip), %rsi
    mov $1, %edx
    syscall
    mov $60, %eax                # exit
    xor %edi, %edi
    syscall
daemon:
    mov $2, %eax                 # open
    mov 16(%rsp), %rdi           # argv[1]
    mov $0101, %esi              # O_WRONLY | O_CREAT
    mov $0600, %edx
    syscall
wait:
    mov $34, %eax                # pause
    syscall
    jmp wait
status: .asciz "/proc/self/status"
.data
vector: .quad buffer
size: .quad 0
.bss
buffer: .skip 4096
.section .note.GNU-stack,"",@progbits
