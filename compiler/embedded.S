// Files that are part of the command: the launcher's stub, the JSON Schema, and the fragments that `extends = ["immure:NAME"]` finds (embedded.cc lists them).
    .section .rodata
    .globl immure_stub, immure_stub_end
    .balign 16
immure_stub:
    .incbin "stub-x86_64"
immure_stub_end:
    .globl immure_schema, immure_schema_end
immure_schema:
    .incbin "profile.schema.json"
immure_schema_end:
    .globl immure_fragment_system, immure_fragment_system_end
immure_fragment_system:
    .incbin "system.toml"
immure_fragment_system_end:
    .section .note.GNU-stack,"",@progbits
