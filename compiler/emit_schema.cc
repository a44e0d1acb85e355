// `immure emit schema`: the JSON Schema of the language, for editors. schema_gen.cc makes it when the command is built.
#include "compiler/embedded.h"
#include "compiler/emit.h"

namespace immure {

int emit_schema(Session& session) { return deliver(session, embedded_schema(), 0644, true); }

}  // namespace immure
