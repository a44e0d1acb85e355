// Files that are part of the command: the launcher's stub, the JSON Schema, the fragments that `extends = ["immure:NAME"]` finds, and the examples that `init`
// starts from (embedded.cc lists them).
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
    .globl immure_template_shell, immure_template_shell_end
immure_template_shell:
    .incbin "shell.toml"
immure_template_shell_end:
    .globl immure_template_python, immure_template_python_end
immure_template_python:
    .incbin "python.toml"
immure_template_python_end:
    .globl immure_template_build_step, immure_template_build_step_end
immure_template_build_step:
    .incbin "build-step.toml"
immure_template_build_step_end:
    .globl immure_template_web_server, immure_template_web_server_end
immure_template_web_server:
    .incbin "web-server.toml"
immure_template_web_server_end:
    .globl immure_template_document_viewer, immure_template_document_viewer_end
immure_template_document_viewer:
    .incbin "document-viewer.toml"
immure_template_document_viewer_end:
    .globl immure_template_agent, immure_template_agent_end
immure_template_agent:
    .incbin "agent.toml"
immure_template_agent_end:
    .section .note.GNU-stack,"",@progbits
