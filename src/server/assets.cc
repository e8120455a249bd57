#include "server/assets.h"

#include <algorithm>
#include <array>

#define LEEWAY_EMBED(symbol, path)                                                                                     \
  __asm__(".pushsection .rodata\n" #symbol "_begin:\n.incbin \"" path "\"\n" #symbol "_end:\n.byte 0\n.popsection\n"); \
  extern "C" const char symbol##_begin[], symbol##_end[]

LEEWAY_EMBED(leeway_openapi, LEEWAY_OPENAPI_FILE);
#ifdef LEEWAY_SWAGGER_FOLDER
LEEWAY_EMBED(leeway_swagger_css, LEEWAY_SWAGGER_FOLDER "/swagger-ui.css.gz");
LEEWAY_EMBED(leeway_swagger_js, LEEWAY_SWAGGER_FOLDER "/swagger-ui-bundle.js.gz");
#endif

namespace leeway::server {
namespace {

constexpr std::string_view page = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Leeway: the API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<script defer src="/docs/swagger-ui-bundle.js"></script>
<script defer src="/docs/start.js"></script>
</head>
<body>
<div id="contract"><p>The contract is <a href="/openapi.json">/openapi.json</a>.</p></div>
</body>
</html>
)";

constexpr std::string_view start = R"(if (window.SwaggerUIBundle)
  window.SwaggerUIBundle({url: '/openapi.json', dom_id: '#contract', deepLinking: true, validatorUrl: null});
)";

}  // namespace

const Asset* find_asset(std::string_view name) {
  static const std::array assets = {
      Asset{"start.js", "text/javascript; charset=utf-8", start},
#ifdef LEEWAY_SWAGGER_FOLDER
      Asset{"swagger-ui.css", "text/css; charset=utf-8", {leeway_swagger_css_begin, leeway_swagger_css_end}, true},
      Asset{"swagger-ui-bundle.js",
            "text/javascript; charset=utf-8",
            {leeway_swagger_js_begin, leeway_swagger_js_end},
            true},
#endif
  };
  const auto found = std::ranges::find(assets, name, &Asset::name);
  return found == assets.end() ? nullptr : &*found;
}

std::string_view docs_page() { return page; }

std::string_view openapi_yaml() { return {leeway_openapi_begin, leeway_openapi_end}; }

}  // namespace leeway::server
