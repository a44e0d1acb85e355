// The way past the checks, for tests alone: a launcher of a profile whatever the checks would say of it, so that what they say can be held against the kernel.
#pragma once

#include <functional>
#include <string>

#include "compiler/plan.h"
#include "compiler/profile.h"
#include "compiler/source.h"
#include "compiler/view.h"

namespace immure::test {

/// Lowers, encodes and links. Empty where the plan has no form as bytes.
std::string unchecked_launcher(const Profile& profile, const View& view, const Sources& sources, const std::function<void(Plan&)>& edit);

}  // namespace immure::test
