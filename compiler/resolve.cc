// One Loader per call; it keeps the chain of files being read and the set of those that are merged.
#include "compiler/resolve.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/decode.h"
#include "compiler/decode_values.h"
#include "compiler/embedded.h"
#include "compiler/launch_variables.h"
#include "compiler/merge.h"
#include "compiler/read_toml.h"
#include "compiler/suggest.h"

namespace immure {
namespace {

constexpr std::size_t kMaxChain = 16;
constexpr std::string_view kShipped = "immure:";

bool too_large(const FileText& file) { return file.error == EFBIG || file.text.size() > kMaxFileBytes; }

std::string directory_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(path.substr(0, slash == std::string_view::npos ? 0 : slash + 1));
}

/// A path of one spelling, as far as text can tell. Where a directory on the way is a symbolic link, `..` leads elsewhere: so two files are one
/// only when their texts are equal too.
std::string one_spelling(std::string_view path) {
  std::vector<std::string_view> parts;
  const bool absolute = path.starts_with('/');
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    if (part == ".." && !parts.empty() && parts.back() != "..") parts.pop_back();
    else if (!part.empty() && part != ".") parts.push_back(part);
    begin = end + 1;
  }
  std::string result = absolute ? "/" : "";
  for (std::size_t i = 0; i < parts.size(); ++i) result.append(i > 0 ? "/" : "").append(parts[i]);
  return result;
}

class Loader {
 public:
  Loader(Sources& sources, const ReadFile& read_file, Diagnostics& diags, Part part) : sources_(sources), read_file_(read_file), diags_(diags), part_(part) {}

  std::optional<Profile> load(const std::string& path) {
    const FileText file = read_file_(path);
    const bool readable = file.error == 0 && !too_large(file);
    main_ = sources_.add(path, readable ? file.text : std::string());
    if (!readable) {
      unreadable(path, file);
      return std::nullopt;
    }
    chain_.push_back({one_spelling(path), main_, {}});
    std::optional<Profile> profile = whole(main_);
    if (!profile) return std::nullopt;
    return finish(std::move(*profile));
  }

 private:
  struct Link {
    std::string name;
    std::uint32_t file = 0;
    Span place;  // in whose `extends`
  };

  Sources& sources_;
  const ReadFile& read_file_;
  Diagnostics& diags_;
  const Part part_;
  std::uint32_t main_ = 0;
  Span program_;             // [program] in the main file
  std::vector<Link> chain_;  // the files being read, outermost first
  std::map<std::string, std::uint32_t> merged_;
  bool complete_ = true;  // every fragment has been read

  // ---- reading ----

  void unreadable(const std::string& path, const FileText& file) {
    const Span place{main_, 0, 0};
    if (too_large(file)) diags_.add(Code::FileTooLarge, place, "`" + path + "` is larger than " + std::to_string(kMaxFileBytes >> 20) + " MiB");
    else if (file.error == EISDIR) diags_.add(Code::CannotRead, place, "`" + path + "` is a directory");
    else diags_.add(Code::CannotRead, place, "cannot read `" + path + "`: " + std::strerror(file.error));
  }

  /// A file with all that it extends below it.
  std::optional<Profile> whole(std::uint32_t file) {
    if (sources_.file(file).text().empty()) {
      diags_.add(Code::EmptyFile, {file, 0, 0}, "`" + sources_.file(file).name() + "` is empty").help("the first line of a profile is `immure = 1`");
      return std::nullopt;
    }
    const std::optional<ast::Value> root = read_toml(sources_, file, diags_);
    if (!root) return std::nullopt;
    if (file == main_) note_program(*root->table());
    Profile own = decode(*root->table(), sources_, file, diags_);
    std::optional<Profile> base;
    for (const auto& fragment : own.top.extends.value) {
      std::optional<Profile> next = this->fragment(fragment.value, fragment.span);
      if (next) base = base ? merge(std::move(*base), std::move(*next)) : std::move(*next);
    }
    if (own.top.extends.key_span.known() && !own.top.extends.present) complete_ = false;
    return base ? merge(std::move(*base), std::move(own)) : std::move(own);
  }

  void note_program(const ast::Table& root) {
    for (const ast::Member& member : root.members)
      if (member.key == "program") program_ = member.value.span;
  }

  /// Nothing where it cannot be had, or was merged already on another way: two fragments that both extend `immure:system` bring it once.
  std::optional<Profile> fragment(const std::string& name, Span place) {
    if (name.empty()) return std::nullopt;  // not a string; reported
    const bool shipped = name.starts_with(kShipped);
    const std::string& from = sources_.file(place.file).name();
    const std::string path = shipped || name.starts_with('/') || from.starts_with(kShipped) ? name : directory_of(from) + name;
    const std::string identity = shipped ? name : one_spelling(path);
    const std::optional<std::string> text = shipped ? shipped_text(name, place) : file_text(path, place);
    if (!text || !chain_allows(identity, *text, place)) {
      complete_ = false;
      return std::nullopt;
    }
    const auto before = merged_.find(identity);
    if (before != merged_.end() && sources_.file(before->second).text() == *text) return std::nullopt;

    const std::uint32_t file = sources_.add(path, *text);
    chain_.push_back({identity, file, place});
    std::optional<Profile> result = whole(file);
    if (!result) complete_ = false;
    chain_.pop_back();
    merged_[identity] = file;
    return result;
  }

  bool chain_allows(const std::string& next, const std::string& text, Span place) {
    const auto same = [&](const Link& link) { return link.name == next && sources_.file(link.file).text() == text; };
    const bool cycle = std::any_of(chain_.begin(), chain_.end(), same);
    if (!cycle && chain_.size() < kMaxChain) return true;
    std::string shown;
    for (const Link& link : chain_) shown += "`" + link.name + "`, which extends ";
    shown += "`" + next + "`";
    Diagnostic& diag = cycle ? diags_.add(Code::ExtendsCycle, place, "`" + next + "` extends itself")
                             : diags_.add(Code::ExtendsTooDeep, place, "more than " + std::to_string(kMaxChain) + " profiles extend one another");
    for (const Link& link : chain_)
      if (cycle && link.place.known()) diag.label(link.place, "on the way here");
    diag.help("the chain: " + shown);
    return false;
  }

  std::optional<std::string> shipped_text(const std::string& name, Span place) {
    if (const auto text = embedded_fragment(std::string_view(name).substr(kShipped.size()))) return std::string(*text);
    Diagnostic& diag = diags_.add(Code::FragmentUnreadable, place, "there is no shipped fragment `" + name + "`");
    std::vector<std::string> names;
    for (std::string_view rest = embedded_fragment_names(); !rest.empty();) {
      const std::size_t comma = rest.find(", ");
      names.push_back(std::string(kShipped) + std::string(rest.substr(0, comma)));
      rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 2);
    }
    const std::vector<std::string_view> known(names.begin(), names.end());
    if (const auto near = nearest(name, known)) diag.fix(place, toml_quoted(*near), "did you mean `" + std::string(*near) + "`?");
    diag.help("shipped are " + listed(known));
    return std::nullopt;
  }

  std::optional<std::string> file_text(const std::string& path, Span place) {
    FileText file = read_file_(path);
    if (file.error == 0 && !too_large(file)) return std::move(file.text);
    if (too_large(file)) diags_.add(Code::FileTooLarge, place, "`" + path + "` is larger than " + std::to_string(kMaxFileBytes >> 20) + " MiB");
    else diags_.add(Code::FragmentUnreadable, place, "cannot read `" + path + "`: " + std::strerror(file.error)).help("a fragment is looked up relative to the file that names it");
    return std::nullopt;
  }

  // ---- the whole profile ----

  std::optional<Profile> finish(Profile profile) {
    const bool has_program = profile.program.path.present;
    const bool whole = complete_ && part_ == Part::Profile;
    if (whole) require_keys(profile);
    const bool judged = complete_ && has_program && profile.ops_understood;
    if (whole) check_launch_variables(profile, main_, sources_, judged, diags_);
    load_sources(profile);
    apply_defaults(profile);
    if (!judged || !profile.ops_understood) return std::nullopt;
    return profile;
  }

  void require_keys(Profile& profile) {
    const auto check = [&](const char* table, const KeyInfo& key, const auto& field) {
      if (!key.required || field.key_span.known()) return;
      if (table == std::string_view("")) return;  // `immure`: asked of every file by decode
      const std::string name = std::string("`") + key.name + "`";
      const bool has_table = program_.known();
      Diagnostic& diag = diags_.add(Code::MissingKey, has_table ? program_ : Span{main_, 0, 0},
                                    has_table ? "missing key " + name + " in `[" + table + "]`" : std::string("missing table `[") + table + "]` with its key " + name);
      diag.help(name + " takes " + value_in_words(key.type));
      if (!has_table) diag.help("a fragment needs none; it is checked through a profile that extends it");
    };
#define TABLE(Struct, member, path, doc) visit_keys(profile.member, [&](const KeyInfo& key, auto& field) { check(path, key, field); });
#include "schema/language.def"
  }

  void load_oci(type::SourceFile& file, Span place) {
    const std::string path = file.path.starts_with('/') ? file.path : directory_of(sources_.file(place.file).name()) + file.path;
    FileText content = read_file_(path);
    if (content.error == 0 && !too_large(content)) {
      file.content = std::move(content.text);
      return;
    }
    diags_.add(Code::SourceUnreadable, place, "cannot read `" + path + "`: " + (too_large(content) ? "too large" : std::strerror(content.error)))
        .help("`oci` is looked up relative to the file that names it, when compiling");
  }

  void load_sources(Profile& profile) {
    if (profile.seccomp.oci.present) load_oci(profile.seccomp.oci.value, profile.seccomp.oci.span);
    for (FsEntry& entry : profile.fs) {
      auto* const file = std::get_if<FileOp>(&entry.op);
      if (file == nullptr || !file->source.present || file->base64.key_span.known() || file->text.key_span.known()) continue;
      const std::string& from = sources_.file(file->source.span.file).name();
      const std::string& name = file->source->path;
      const std::string path = name.starts_with('/') ? name : directory_of(from) + name;
      FileText content = read_file_(path);
      if (content.error != 0 || too_large(content)) {
        const std::string why = too_large(content) ? "larger than " + std::to_string(kMaxFileBytes >> 20) + " MiB" : std::string(std::strerror(content.error));
        diags_.add(Code::SourceUnreadable, file->source.span, "cannot read `" + path + "`: " + why)
            .help("`source` is looked up relative to the file that names it, when compiling");
        continue;
      }
      file->base64.value = std::move(content.text);
      file->base64.present = true;
    }
  }

  /// Through the same parsers as written values. A key whose value was wrong gets it too, so that later passes find all they expect.
  void apply_defaults(Profile& profile) {
    const Decoding in{sources_, diags_};
    const auto apply = [&](const KeyInfo& key, auto& field) {
      if (field.present || key.fallback == nullptr) return;
      ast::Value value;
      if (key.type == TypeWord::Bool) value.data = std::string_view(key.fallback) == "true";
      else value.data = std::string(key.fallback);
      field.value = {};
      field.present = decode_value(value, key, field.value, in);
    };
#define TABLE(Struct, member, path, doc) visit_keys(profile.member, apply);
#include "schema/language.def"
#define ROWS(Struct, member, path, doc) \
  for (Struct##Row & row : profile.member) visit_keys(row, apply);
#include "schema/language.def"
    struct ApplyToOp {
      const decltype(apply)& f;
#define OP(Struct, key, doc) \
  void operator()(Struct##Op& op) const { visit_keys(op, f); }
#include "schema/language.def"
      void operator()(std::monostate&) const {}
    };
    for (FsEntry& entry : profile.fs) std::visit(ApplyToOp{apply}, entry.op);
    if (!profile.top.name.present) {
      profile.top.name.value = profile.stem;
      profile.top.name.present = true;
    }
  }
};

}  // namespace

std::optional<Profile> load_profile(const std::string& path, Sources& sources, const ReadFile& read_file, Diagnostics& diags, Part part) {
  return Loader(sources, read_file, diags, part).load(path);
}

}  // namespace immure
