// See baseline.h. The order of the entries is that of their text, so that two baselines can be compared line by line.
#include "compiler/baseline.h"

#include <filesystem>

#include "compiler/json.h"

namespace immure {
namespace {

constexpr int kVersion = 1;

std::string absolute(const std::string& path) {
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::absolute(path, error);
  return (error ? std::filesystem::path(path) : whole).lexically_normal().string();
}

}  // namespace

Baseline::Baseline(const std::string& path) : directory_(std::filesystem::path(absolute(path)).parent_path().string()) {}

Baseline::Key Baseline::key(const Finding& finding) const {
  const std::string file = finding.place.known() ? std::filesystem::path(absolute(finding.place.file)).lexically_relative(directory_).string() : "";
  return {file, std::string(info(finding.code).id), finding.message, finding.line};
}

void Baseline::add(const Finding& finding) { ++counts_[key(finding)]; }

bool Baseline::take(const Finding& finding) {
  const auto found = counts_.find(key(finding));
  if (found == counts_.end() || found->second == 0) return false;
  --found->second;
  return true;
}

std::size_t Baseline::left() const {
  std::size_t left = 0;
  for (const auto& [key, count] : counts_) left += count;
  return left;
}

std::string Baseline::text() const {
  Json out = {{"version", kVersion}};
  out["findings"] = Json::array();
  for (const auto& [key, count] : counts_) out["findings"].push_back({{"file", key.file}, {"code", key.code}, {"message", key.message}, {"line", key.line}, {"count", count}});
  return json_text(out);
}

std::optional<Baseline> Baseline::read(const std::string& path, std::string_view text, std::string& why) {
  Baseline out(path);
  try {
    const Json whole = Json::parse(text);
    if (whole.at("version") != kVersion) {
      why = "this is a baseline of another version";
      return std::nullopt;
    }
    for (const Json& entry : whole.at("findings")) out.counts_[{entry.at("file"), entry.at("code"), entry.at("message"), entry.at("line")}] += entry.at("count").get<std::size_t>();
  } catch (const Json::exception& error) {
    why = std::string("this is no baseline: ") + error.what();
    return std::nullopt;
  }
  return out;
}

}  // namespace immure
