// Overlays, from their text alone (DESIGN 4.2). What the kernel does with each of these was measured: KERNEL 2.1 and 2.2. It answers most of them with a bare
// EINVAL or ELOOP at launch, and some with silence.
//
// Layers are host paths and are opened before the root changes, so an overlay of this profile can never be a layer of another: stacking depth and mounts of
// ours below a lower cannot go wrong here.
#include <optional>

#include "compiler/check_rules.h"
#include "compiler/paths.h"
#include "schema/wire.h"

namespace immure::rules {
namespace {

using Layer = Placed<Template>;

/// A directory that an overlay writes to, or a lower: its place and its name in messages.
struct Role {
  const char* name;
  const Field<type::HostPath>* field;
};

std::string quoted(const Template& path) { return "`" + path.shown() + "`"; }

void check_count(const FsEntry& entry, const OverlayOp& op, Diagnostics& diags) {
  const std::size_t count = op.lower->size();
  const Span span = op.lower.span.known() ? op.lower.span : entry.span;
  if (count == 0) {
    diags.add(Code::OverlayNoLower, span, "the overlay has no lower directory").help("an overlay shows lower directories through one another: list at least one");
  } else if (count > wire::kMaxLower) {
    diags.add(Code::OverlayTooManyLowers, span, "the overlay has " + std::to_string(count) + " lower directories, the kernel takes " + std::to_string(wire::kMaxLower));
  } else if (count == 1 && !op.upper.present && !*op.ephemeral) {
    const Layer& lower = op.lower->front();
    Diagnostic& d = diags.add(Code::OverlaySingleLower, span, "a read-only overlay of one directory is that directory");
    if (op.work.present) d.label(op.work.span, "changes need `upper` beside it");
    d.help("bind it: `{ bind = \"" + entry.target->shown() + "\", from = \"" + lower.value.shown() + "\" }`; for changes that are thrown away add `ephemeral = true`");
  }
}

void check_form(const OverlayOp& op, Diagnostics& diags) {
  if (*op.ephemeral) {
    for (const Role& role : {Role{"upper", &op.upper}, Role{"work", &op.work}}) {
      if (!role.field->present) continue;
      diags.add(Code::OverlayEphemeralWithUpper, role.field->span, "the overlay has `" + std::string(role.name) + "`, yet its changes are thrown away")
          .label(op.ephemeral.span, "because of this")
          .help("remove `ephemeral` to keep the changes, or `upper` and `work` to lose them");
      return;
    }
  } else if (op.upper.present && !op.work.present) {
    diags.add(Code::OverlayUpperWithoutWork, op.upper.span, "the overlay has `upper` but no `work`").help("add `work`: an empty directory beside `upper`, on the same mount");
  } else if (op.work.present && !op.upper.present && op.lower->size() != 1) {  // one alone is refused, which says it
    diags.add(Code::OverlayWorkWithoutUpper, op.work.span, "the overlay has `work` but no `upper`, so it would be read-only")
        .help("add `upper`, where changes go, or remove `work`");
  }
}

/// The same lower twice, or one inside another.
void check_lowers(const OverlayOp& op, Diagnostics& diags) {
  PathIndex index;
  for (std::size_t i = 0; i < op.lower->size(); ++i) {
    const Layer& lower = (*op.lower)[i];
    const std::int32_t before = index.add(components(lower.value), static_cast<std::int32_t>(i));
    if (before == PathIndex::kNone) continue;
    diags.add(Code::OverlaySameLower, lower.span, quoted(lower.value) + " is a lower directory twice").label((*op.lower)[static_cast<std::size_t>(before)].span, "here first");
  }
  for (const Layer& lower : *op.lower) {
    const std::int32_t outer = index.above(components(lower.value));
    if (outer == PathIndex::kNone) continue;
    const Layer& around = (*op.lower)[static_cast<std::size_t>(outer)];
    diags.add(Code::OverlayNestedLower, lower.span, "the lower directory " + quoted(lower.value) + " lies inside another, " + quoted(around.value)).label(around.span, "this one");
  }
}

/// The kernel refuses a lower inside what is written to; the other way round it goes ahead, and answers ELOOP at the place of the upper one.
void check_lowers_against(const OverlayOp& op, const Role& role, Diagnostics& diags) {
  if (!role.field->present) return;
  const Components outer = components(**role.field);
  for (const Layer& lower : *op.lower) {
    const Components path = components(lower.value);
    if (at_or_below(path, outer)) {
      diags
          .add(Code::OverlayLowerInUpper, lower.span,
               "the lower directory " + quoted(lower.value) + (path.size() == outer.size() ? " is `" : " lies inside `") + role.name + "` of the same overlay")
          .label(role.field->span, std::string("`") + role.name + "`");
    } else if (strictly_below(outer, path)) {
      diags
          .add(Code::OverlayUpperInLower, role.field->span,
               "`" + std::string(role.name) + "` lies inside the lower directory " + quoted(lower.value) + ", and cannot be looked at there through the overlay")
          .label(lower.span, "this lower directory")
          .help("put it beside the lower directories");
    }
  }
}

void check_upper_and_work(const OverlayOp& op, Diagnostics& diags) {
  if (!op.upper.present || !op.work.present) return;
  const Components upper = components(*op.upper), work = components(*op.work);
  const char* how = upper == work              ? "`work` is the same directory as `upper`"
                    : at_or_below(work, upper) ? "`work` lies inside `upper`"
                    : at_or_below(upper, work) ? "`upper` lies inside `work`"
                                               : nullptr;
  if (how == nullptr) return;
  diags.add(Code::OverlayUpperIsWork, op.work.span, how).label(op.upper.span, "`upper`").help("they must be two directories side by side, on one mount");
}

/// Two overlays that write to one directory destroy each other's contents, and the kernel only mutters in its log.
void check_shared(const Profile& profile, Diagnostics& diags) {
  std::vector<std::pair<std::int32_t, Role>> seen;
  PathIndex index;
  each<OverlayOp>(profile, [&](std::int32_t at, const FsEntry&, const OverlayOp& op) {
    if (*op.ephemeral) return;  // it uses neither
    for (const Role& role : {Role{"upper", &op.upper}, Role{"work", &op.work}}) {
      if (!role.field->present) continue;
      const std::int32_t before = index.add(components(**role.field), static_cast<std::int32_t>(seen.size()));
      if (before == PathIndex::kNone) {
        seen.emplace_back(at, role);
        continue;
      }
      const auto& [first, first_role] = seen[static_cast<std::size_t>(before)];
      if (first == at) continue;  // upper and work of one overlay
      diags.add(Code::OverlayShared, role.field->span, quoted(**role.field) + " is written to by two overlays")
          .label(first_role.field->span, std::string("it is `") + first_role.name + "` here");
    }
  });
}

/// A directory of the host that something writes to.
struct Writer {
  std::int32_t op;
  const Field<type::HostPath>* place;
};

class Writers {
 public:
  void add(std::int32_t op, const Field<type::HostPath>& place) {
    if (!place.present) return;
    index_.add(components(*place), static_cast<std::int32_t>(all_.size()));
    all_.push_back({op, &place});
  }
  /// One that writes to `layer`, around it or inside it; not the op `but`.
  const Writer* of(const Template& layer, std::int32_t but) const {
    const Components path = components(layer);
    for (const std::int32_t found : {index_.above(path), index_.at(path), index_.below(path)})
      if (found != PathIndex::kNone && all_[static_cast<std::size_t>(found)].op != but) return &all_[static_cast<std::size_t>(found)];
    return nullptr;
  }

 private:
  PathIndex index_;
  std::vector<Writer> all_;
};

/// A layer that changes below a mounted overlay: what is seen then is undefined, and `user.overlay.*` marks planted there can hide parts of it.
void check_writable_layers(const Profile& profile, Diagnostics& diags) {
  Writers binds, overlays;
  each<BindOp>(profile, [&](std::int32_t index, const FsEntry& entry, const BindOp& bind) {
    if (*bind.write) binds.add(index, source_of(entry, bind));
  });
  each<OverlayOp>(profile, [&](std::int32_t index, const FsEntry&, const OverlayOp& op) {
    overlays.add(index, op.upper);
    overlays.add(index, op.work);
  });
  each<OverlayOp>(profile, [&](std::int32_t index, const FsEntry&, const OverlayOp& op) {
    const auto check_layer = [&](const Template& path, Span span) {
      if (const Writer* bind = binds.of(path, index))
        diags.add(Code::OverlayLayerWritable, span, "the layer " + quoted(path) + " can also be written past the overlay")
            .label(bind->place->span, "through this writable bind")
            .help("bind it without `write`, or take a copy as the layer");
    };
    for (const Layer& lower : *op.lower) {
      check_layer(lower.value, lower.span);
      if (const Writer* other = overlays.of(lower.value, index))
        diags.add(Code::OverlayLayerShared, lower.span, "the layer " + quoted(lower.value) + " changes under the overlay: another one writes there")
            .label(other->place->span, "to this")
            .help("mount the other one's directory in a launch of its own, or take a copy as the layer");
    }
    for (const auto* field : {&op.upper, &op.work}) {
      if (!field->present) continue;
      check_layer(**field, field->span);
      const Writer* other = overlays.of(**field, index);
      if (other != nullptr && other->op < index && components(**field) != components(**other->place))
        diags.add(Code::OverlayLayerShared, field->span, quoted(**field) + " and what another overlay writes to lie inside one another")
            .label(other->place->span, "the other one's")
            .help("give each overlay directories of its own, side by side");
    }
  });
}

}  // namespace

void overlays(const Profile& profile, Diagnostics& diags) {
  each<OverlayOp>(profile, [&](std::int32_t, const FsEntry& entry, const OverlayOp& op) {
    check_count(entry, op, diags);
    check_form(op, diags);
    check_lowers(op, diags);
    check_lowers_against(op, {"upper", &op.upper}, diags);
    check_lowers_against(op, {"work", &op.work}, diags);
    check_upper_and_work(op, diags);
  });
  check_shared(profile, diags);
  check_writable_layers(profile, diags);
}

}  // namespace immure::rules
