// One profile over another: what `extends` means (DESIGN 3.6).
#pragma once

#include "compiler/profile.h"

namespace immure {

/// `over` extends `base`. Tables merge key by key: a key written in `over` wins, lists of values included. Lists of tables and two sets add up:
/// - fs: the entries of `base` come first. An op of `over` replaces those of `base` with the same target: they leave their place, and it stands
///   where `over` has it, so that the order of a file is always the order in which it was written. A `remount` changes a mount and so
///   replaces only a `remount`.
/// - launch.variables: the union.
/// - env.set: variable by variable.
Profile merge(Profile base, Profile over);

}  // namespace immure
