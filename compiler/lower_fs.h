// The [[fs]] half of lowering; lower.cc has the rest.
#pragma once

#include "compiler/plan.h"
#include "compiler/profile.h"
#include "compiler/view.h"

namespace immure::lowering {

PlanOrigin origin_of(const Sources& sources, const Span& span);
/// A number of bytes, or a share of RAM, as the kernel reads it.
std::string size_option(const type::Size& size);
std::string octal(std::uint32_t mode);

std::vector<PlanOp> lower_fs(const Profile& profile, const View& view, const Sources& sources);

}  // namespace immure::lowering
