// The operations of schema/ops.def, executed: one file each, named like the op. The dispatch in ops.cc is generated from the rows, so a row without its
// apply_NAME does not link.
#pragma once

#include "initrt/context.h"

namespace initrt {

/// What has to be known of the ops as a whole before anything of the host is opened.
void look_ahead(Context& ctx);
/// Carries out every op of the plan, in order. Runs while the host's tree is still in reach: absolute paths are the host's, the new root is Context::root.
void apply_ops(Context& ctx);

#define OP(Name, id, doc) void apply(Context& ctx, const wire::Name& op, std::uint16_t flags);
#define FIELD(Type, name, doc)
#define END_OP(Name)
#include "schema/ops.def"

}  // namespace initrt
