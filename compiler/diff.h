// What a change of a profile grants or takes: `immure diff OLD NEW`.
//
// Two profiles are compared by what they mean, not by how they are written: paths through their views, system calls through what the filters answer, and every
// other key by a row of a table that says which way its values grow (diff_keys.cc; a test fails where a key has no row). Where it cannot be known whether a
// change grants, it counts as one that does, because reviews are gated by the exit status.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/bpf_text.h"
#include "compiler/policy.h"
#include "compiler/profile.h"
#include "compiler/source.h"
#include "compiler/view.h"

namespace immure {

enum class Effect { Grants, Takes, Changes };

struct Change {
  Effect effect = Effect::Changes;
  std::string about;    // "files", "system calls", or the key
  std::string subject;  // the path, the call, the item
  std::string what;     // "newly visible", …
  Span place;           // in the new profile, or in the old one where it is gone
};

/// One side.
struct Compared {
  const Profile& profile;
  const View& view;
  const std::optional<ResolvedPolicy>& filter;  // nothing: no filter
};

std::vector<Change> diff(const Compared& before, const Compared& after, const Sources& sources, const CallName& call_name);

// The three parts of it.
void diff_files(const Compared& before, const Compared& after, const Sources& sources, std::vector<Change>& out);
void diff_calls(const Compared& before, const Compared& after, const CallName& call_name, std::vector<Change>& out);
void diff_keys(const Compared& before, const Compared& after, const Sources& sources, std::vector<Change>& out);
/// Of two ops of one kind that show the same thing at the same place: the keys that the view does not know.
void diff_op_keys(const FsEntry& before, const FsEntry& after, const std::string& path, const Sources& sources, std::vector<Change>& out);
/// An op with all its keys as one text, to be compared with another.
std::string op_in_full(const FsEntry& entry, const Sources& sources);
/// Whether a key of the language, as "table.key" or "fs.op.key", has a row.
bool diff_knows(const std::string& key);

std::string diff_text(const std::vector<Change>& changes, const Sources& sources, bool colour);
std::string diff_json(const std::vector<Change>& changes, const Sources& sources);
bool grants(const std::vector<Change>& changes);

}  // namespace immure
