// Edit distance with transpositions (optimal string alignment) over the few words that are possible at a place.
//
// A suggestion that is wrong costs more than none, so it must be near: at most 3 edits and fewer than a third of the longer word, but one
// edit is always near enough in words of three letters or more (`pth`, `dr` for `dir`). Where nothing is near by that measure, a word that goes on
// where a candidate ends, or the other way round, is taken for it: `writeable` for `write`, `environment` for `env`.
#include "compiler/suggest.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace immure {
namespace {

constexpr std::size_t kLongestWord = 64;  // keys of the language are shorter; a hostile key is not worth the square of its length

std::string folded(std::string_view word) {
  std::string result(word);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_') c = '-';
  }
  return result;
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> two_back(b.size() + 1), back(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    two_back = std::exchange(back, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({back[j] + 1, row[j - 1] + 1, back[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], two_back[j - 2] + 1);
    }
  }
  return row[b.size()];
}

bool longer_form(std::string_view a, std::string_view b) { return std::min(a.size(), b.size()) >= 3 && (a.starts_with(b) || b.starts_with(a)); }

bool near(std::size_t edits, std::size_t longer) { return (edits <= 3 && edits * 3 < longer) || (edits <= 1 && longer >= 3); }

}  // namespace

std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.empty() || word.size() > kLongestWord) return std::nullopt;
  const std::string asked = folded(word);
  std::optional<std::string_view> best;
  std::size_t fewest = kLongestWord;
  for (const std::string_view candidate : candidates) {
    const std::size_t edits = distance(asked, folded(candidate));
    if (edits >= fewest || !near(edits, std::max(word.size(), candidate.size()))) continue;
    fewest = edits;
    best = candidate;
  }
  if (best) return best;
  for (const std::string_view candidate : candidates)
    if (longer_form(asked, folded(candidate)) && (!best || candidate.size() > best->size())) best = candidate;
  return best;
}

std::string listed(std::span<const std::string_view> words, std::string_view last) {
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0 && i + 1 == words.size()) result.append(" ").append(last).append(" ");
    else if (i > 0) result += ", ";
    result.append("`").append(words[i]).append("`");
  }
  return result;
}

}  // namespace immure
