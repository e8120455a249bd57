#pragma once
// Data → the sections of a profile.

#include "base/result.h"
#include "profiles/contents.h"
#include "profiles/profile.h"
#include "profiles/sections.h"

namespace leeway {

/// Everything Profile::build does, written to `out` from beginning to end.
Status build_sections(const ProfileSpec& spec, const ColumnReader& read, const Profile* reference, SectionWriter& out);

/// After the columns' sections: score tables, header (with its bins_id) and the end.
Status write_rest(ProfileContents& contents, SectionWriter& out);

}  // namespace leeway
