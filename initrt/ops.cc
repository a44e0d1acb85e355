// The loop over the plan's ops, and the pieces that several of them share.
#include "initrt/ops.h"

#include "initrt/paths.h"
#include "initrt/scratch.h"

namespace initrt {

void look_ahead(Context& ctx) {
  ctx.guarded_sources = makes_host_writable(ctx);
  ctx.untrusted_targets = looks_up_targets(ctx);
}

void apply_ops(Context& ctx) {
  ctx.has_origin = true;
  for (const wire::OpHead& head : ctx.plan.list<wire::OpHead>(ctx.image().ops)) {
    const std::uint16_t flags = head.flags.get();
    if ((flags & wire::kRootOnly) != 0 && ctx.uid != 0) continue;
    ctx.origin = head.origin;
    switch (static_cast<wire::OpKind>(head.kind.get())) {
#define OP(Name, id, doc)                               \
  case wire::OpKind::Name:                              \
    apply(ctx, ctx.plan.body<wire::Name>(head), flags); \
    break;
#define FIELD(Type, name, doc)
#define END_OP(Name)
#include "schema/ops.def"
    }
  }
  ctx.subject = {};
  ctx.has_origin = false;
  remove_clones(ctx);
}

}  // namespace initrt
