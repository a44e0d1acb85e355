// `immure import`: a profile from what somebody has already. This is the table of what can be read.
#include <cstring>

#include "compiler/commands.h"
#include "compiler/import.h"
#include "compiler/resolve.h"

namespace immure {
namespace {

constexpr ImportFormat kFormats[] = {
    {"bwrap", "a command line of bubblewrap, or a shell script with one", import_bwrap},
    {"oci", "config.json of an OCI bundle", import_oci},
};

}  // namespace

std::span<const ImportFormat> import_formats() { return kFormats; }

int import_file(Session& session) {
  const std::string& path = session.options.files[0];
  const FileText file = read_file(path, kMaxFileBytes);
  if (file.error != 0 || file.text.size() > kMaxFileBytes) {
    complain("cannot read `" + path + "`: " + (file.error != 0 ? std::strerror(file.error) : "it is too large"));
    return kUsageOrIo;
  }
  const std::uint32_t source = session.sources.add(path, file.text);
  const std::optional<std::string> profile = session.options.import->import(session.sources, source, session.diags);
  report(session);
  return profile ? deliver(session, *profile, 0644, true) : session.status();
}

}  // namespace immure
