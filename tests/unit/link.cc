// link and find_image: the image is where the kernel, the tools and inspect look for it, and hostile files are no more than "no image".
#include "compiler/link.h"

#include <algorithm>

#include "compiler/elf.h"
#include "compiler/embedded.h"
#include "compiler/encode.h"
#include "compiler/internal_error.h"
#include "tests/unit/catch.h"

using namespace immure;

namespace {

std::string some_image(std::size_t extra = 0) {
  Plan plan;
  plan.name = "linked";
  plan.files = {"linked.toml"};
  plan.program.path = {{{Segment{false, "/p", {}}}}, false, {}};
  plan.ops.push_back({plan::File{{}, std::string(extra, 'x'), 0444}, 0, {}});
  Diagnostics diags;
  std::string image = encode(plan, diags);
  REQUIRE_FALSE(image.empty());
  return image;
}

struct Parsed {
  Elf64_Ehdr ehdr;
  std::vector<Elf64_Phdr> segments;
  std::vector<Elf64_Shdr> sections;
  std::string name(const std::string& file, const Elf64_Shdr& section) const { return file.c_str() + sections[ehdr.e_shstrndx].sh_offset + section.sh_name; }
};
Parsed parse(const std::string& file) {
  const Elf64_Ehdr ehdr = elf::header(file).value();
  return {ehdr, elf::table<Elf64_Phdr>(file, ehdr.e_phoff, ehdr.e_phnum).value(), elf::table<Elf64_Shdr>(file, ehdr.e_shoff, ehdr.e_shnum).value()};
}
Elf64_Phdr last_load(const Parsed& elf) {
  Elf64_Phdr last{};
  for (const Elf64_Phdr& segment : elf.segments)
    if (segment.p_type == PT_LOAD) last = segment;
  return last;
}

std::string changed_stub(void (*change)(std::string&, const Parsed&)) {
  std::string stub(embedded_stub());
  change(stub, parse(stub));
  return stub;
}
Elf64_Shdr* section_in(std::string& file, const Parsed& elf, std::string_view name) {
  for (std::size_t i = 0; i < elf.sections.size(); ++i)
    if (elf.name(file, elf.sections[i]) == name) return reinterpret_cast<Elf64_Shdr*>(file.data() + elf.ehdr.e_shoff) + i;
  return nullptr;
}

}  // namespace

TEST_CASE("link: the image comes back, whatever its size") {
  for (const std::size_t extra : {0u, 1u, 3000u, 4096u, 100'000u}) {
    const std::string image = some_image(extra);
    const std::string launcher = link(embedded_stub(), image);
    REQUIRE(find_image(launcher).has_value());
    CHECK(*find_image(launcher) == image);
    CHECK(link(embedded_stub(), image) == launcher);
  }
}

TEST_CASE("link: segment and section agree, and lie last in memory") {
  const std::string image = some_image(5000);
  const std::string launcher = link(embedded_stub(), image);
  const Parsed elf = parse(launcher);
  const Elf64_Phdr plan = last_load(elf);
  CHECK(plan.p_filesz == image.size());
  CHECK(plan.p_memsz == image.size());
  CHECK(plan.p_flags == PF_R);
  CHECK(plan.p_offset % 4096 == 0);
  CHECK(plan.p_vaddr % 4096 == 0);
  const auto named = std::find_if(elf.sections.begin(), elf.sections.end(), [&](const auto& s) { return elf.name(launcher, s) == ".immure"; });
  REQUIRE(named != elf.sections.end());
  CHECK(named->sh_addr == plan.p_vaddr);
  CHECK(named->sh_offset == plan.p_offset);
  CHECK(named->sh_size == image.size());
  for (const Elf64_Shdr& section : elf.sections) {
    if (section.sh_type != SHT_NOBITS) CHECK(section.sh_offset + section.sh_size <= launcher.size());
    CHECK(section.sh_addr <= plan.p_vaddr);
  }
}

TEST_CASE("link: a launcher is static, without interpreter or dynamic section, and never writable and executable") {
  const std::string launcher = link(embedded_stub(), some_image());
  for (const Elf64_Phdr& segment : parse(launcher).segments) {
    CHECK(segment.p_type != PT_INTERP);
    CHECK(segment.p_type != PT_DYNAMIC);
    CHECK((segment.p_flags & (PF_W | PF_X)) != (PF_W | PF_X));
  }
}

TEST_CASE("link: a stub that does not fit is an internal error") {
  const std::string image = some_image();
  CHECK_THROWS_AS(link("", image), InternalError);
  CHECK_THROWS_AS(link("no ELF file at all", image), InternalError);
  CHECK_THROWS_AS(link(embedded_stub().substr(0, embedded_stub().size() - 1), image), InternalError);
  CHECK_THROWS_AS(link(changed_stub([](std::string& s, const Parsed&) { s[EI_CLASS] = ELFCLASS32; }), image), InternalError);
  CHECK_THROWS_AS(link(changed_stub([](std::string& s, const Parsed& e) { section_in(s, e, ".immure")->sh_name = 0; }), image), InternalError);
  CHECK_THROWS_AS(link(changed_stub([](std::string& s, const Parsed& e) { section_in(s, e, ".immure")->sh_offset += 4096; }), image), InternalError);
  CHECK_THROWS_AS(link(changed_stub([](std::string& s, const Parsed& e) { section_in(s, e, ".text")->sh_addr = ~0ull - 1; }), image), InternalError);
}

TEST_CASE("find_image: hostile files have no image, and are read inside their bounds") {
  const std::string launcher = link(embedded_stub(), some_image());
  CHECK_FALSE(find_image("").has_value());
  CHECK_FALSE(find_image("\x7f"
                         "ELF")
                  .has_value());
  CHECK_FALSE(find_image(embedded_stub()).has_value());
  const Elf64_Phdr plan = last_load(parse(launcher));
  for (std::size_t size = 0; size < plan.p_offset + plan.p_filesz; size += size < 512 ? 1 : 97) {
    const std::vector<char> cut(launcher.begin(), launcher.begin() + static_cast<std::ptrdiff_t>(size));  // exactly its size, for the sanitizers
    CHECK_FALSE(find_image({cut.data(), cut.size()}).has_value());
  }
  // Any bit of the headers may be flipped; what is found then must still lie in the file.
  for (std::size_t bit = 0; bit < std::size_t{512} * 8; ++bit) {
    std::vector<char> flipped(launcher.begin(), launcher.end());
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    const std::optional<std::string_view> found = find_image({flipped.data(), flipped.size()});
    if (found && (found->data() < flipped.data() || found->data() + found->size() > flipped.data() + flipped.size())) FAIL("bit " << bit);
  }
}
