// `# immure: allow W0337 -- why`: a warning that the profile's author has looked at and means.
//
// The comment speaks of one place, so that it cannot hide the next fault of its kind: at the end of a line of that line, on a line of its own of the
// next statement, above a header of the table or entry below it. It needs a reason, and one that silences nothing is a warning itself. Errors
// cannot be allowed, nor can what only the one who runs the check may silence (DESIGN 3.4).
#pragma once

#include "compiler/diag.h"
#include "compiler/source.h"

namespace immure {

/// The last pass of judging: takes the allowed warnings out of `diags` and reports comments that are wrong or not needed. `main`: the profile; its
/// fragments follow it. `host`: the host's files were looked at; warnings that only they can give are not missed otherwise. `whole`: every pass ran;
/// otherwise nothing is called unneeded.
void apply_allowances(const Sources& sources, std::uint32_t main, bool host, bool whole, Diagnostics& diags);

/// Whether a comment, or a baseline, may silence it.
bool may_be_silenced(Code code);

}  // namespace immure
