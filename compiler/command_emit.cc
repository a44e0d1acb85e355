// `immure emit`: the other things that a profile can become. This is the table of them.
#include "compiler/commands.h"
#include "compiler/emit.h"

namespace immure {
namespace {

constexpr EmitFormat kFormats[] = {
    {"apparmor", "an AppArmor profile that lets the launcher make user namespaces, for Ubuntu", true, emit_apparmor},
    {"bpf", "its filter, as struct sock_filter[], for any --target", true, emit_bpf},
    {"bwrap", "the nearest command line of bubblewrap, as a script", true, emit_bwrap},
    {"oci", "a bundle for crun, runc and container engines: -o names a new directory", true, emit_oci},
    {"plan", "what a launcher would do, step by step", true, emit_plan},
    {"schema", "the JSON Schema of the language; takes no FILE", false, emit_schema},
};

}  // namespace

std::span<const EmitFormat> emit_formats() { return kFormats; }

int emit_format(Session& session) { return session.options.emit->emit(session); }

}  // namespace immure
