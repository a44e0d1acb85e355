// `immure inspect`: everything that is in a launcher. A profile is compiled first; which of the two a file is, its first bytes say.
#include "compiler/commands.h"
#include "compiler/decode_image.h"
#include "compiler/embedded.h"
#include "compiler/inspect.h"
#include "compiler/link.h"
#include "compiler/pipeline.h"
#include "compiler/syscalls.h"

namespace immure {
namespace {

int show(const Session& session, const Inspected& what) {
  const auto inspect = session.options.json ? inspect_json : inspect_text;
  return print(inspect(what, session.options.bpf, syscall_name));
}

int inspect_launcher(Session& session, const std::string& path, std::string_view launcher) {
  const std::optional<std::string_view> image = find_image(launcher);
  if (!image) {
    complain('`' + path + "` is an ELF file without a plan in it");
    return kHasErrors;
  }
  wire::Reader reader;
  const char* problem = wire::Reader::verify(reinterpret_cast<const unsigned char*>(image->data()), image->size(), reader);
  if (problem != nullptr) {
    complain('`' + path + "`: " + problem);
    return kHasErrors;
  }
  const Plan plan = decode_image(reader);
  return show(session, {plan, launcher, *image});
}

}  // namespace

int inspect_file(Session& session) {
  const std::string& path = session.options.files[0];
  const FileText file = read_file(path, wire::kMaxImage + embedded_stub().size() * 2);
  if (file.error == 0 && file.text.starts_with("\x7f"
                                               "ELF"))
    return inspect_launcher(session, path, file.text);
  const std::optional<Compiled> compiled = compile_launcher(session, path);
  report(session);
  return compiled ? show(session, {compiled->plan, compiled->launcher, compiled->image}) : session.status();
}

}  // namespace immure
