#include "reports/html_style.h"

#include <fmt/format.h>

#include "reports/palette.h"

namespace leeway::reports {
namespace {

std::string variables(const Palette& p, std::string_view scheme) {
  return fmt::format(
      "color-scheme:{};--bg:{};--surface:{};--sunken:{};--ink:{};--muted:{};--line:{};--ok:{};--wa:{};--cr:{};--un:{};"
      "--ref:{};--cur:{}",
      scheme, p.background, p.surface, p.sunken, p.ink, p.muted, p.line, p.ok, p.warning, p.critical, p.unknown,
      p.reference, p.current);
}

constexpr std::string_view base = R"CSS(
*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
h1,h2,h3,h4,p,ul,ol,dl,dd,figure,fieldset{margin:0;padding:0;border:0}
h1{font-size:1.35rem;line-height:1.25;letter-spacing:-.01em}
h2{font-size:1.2rem;line-height:1.3;letter-spacing:-.01em}
h3{font-size:.95rem;line-height:1.35}
h4{font-size:.8rem;font-weight:650;color:var(--muted);margin-bottom:.35rem}
a{color:inherit;text-underline-offset:.15em}
small,.mu{color:var(--muted);font-size:.8rem}
code,pre{font:.82rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
:focus-visible{outline:2px solid var(--ok);outline-offset:2px;border-radius:4px}
.vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.defs{position:absolute;width:0;height:0}
.skip{position:absolute;left:1rem;top:-4rem;background:var(--surface);padding:.5rem 1rem;border-radius:6px;z-index:9}
.skip:focus{top:1rem}
.ok{--c:var(--ok)}.wa{--c:var(--wa)}.cr{--c:var(--cr)}.un{--c:var(--un)}.me{--c:var(--muted)}
.i{width:.95em;height:.95em;flex:none;color:var(--c)}
.bg{display:inline-flex;align-items:center;gap:.4em;color:var(--c);font-weight:650;font-size:.82rem;white-space:nowrap}
)CSS";

constexpr std::string_view layout = R"CSS(
header.top{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:center;justify-content:space-between;max-width:1320px;margin:0 auto;padding:1rem 1.5rem}
.brand{display:flex;align-items:center;gap:.6rem;font-weight:700;flex:1 1 16rem;min-width:0;overflow-wrap:anywhere}
.brand svg{width:26px;height:26px;flex:none}
.brand small{font-weight:400}
.theme{display:flex;background:var(--sunken);border-radius:8px;padding:3px}
.theme label{position:relative;display:block;padding:.2rem .7rem;min-height:24px;font-size:.8rem;border-radius:6px;cursor:pointer;color:var(--muted)}
.theme input{position:absolute;inset:0;opacity:0;margin:0;cursor:pointer}
.theme label:has(:checked){background:var(--surface);color:var(--ink);font-weight:600;box-shadow:0 1px 2px #0002}
.theme label:has(:focus-visible){outline:2px solid var(--ok)}
.page{display:grid;grid-template-columns:190px minmax(0,1fr);gap:0 2rem;max-width:1320px;margin:0 auto;padding:0 1.5rem 4rem;align-items:start}
nav{position:sticky;top:0;padding:1rem 0;font-size:.87rem;max-height:100vh;overflow:auto}
nav ol{list-style:none}
nav a{display:flex;align-items:center;gap:.55rem;padding:.32rem .6rem;border-radius:6px;text-decoration:none;color:var(--muted);min-height:28px}
nav a:hover{background:var(--sunken);color:var(--ink)}
main{min-width:0}
section{margin-top:2.25rem}
#summary>header{position:absolute;clip-path:inset(50%)}#summary{margin-top:.9rem}
section>header{display:flex;flex-wrap:wrap;align-items:baseline;gap:.2rem .9rem;margin-bottom:.8rem}
.card{background:var(--surface);border:1px solid var(--line);border-radius:12px;padding:1.1rem 1.25rem}
.card+.card,.gap{margin-top:.9rem}
.hero{border-top:4px solid var(--c);padding:1.5rem 1.6rem}
.hero .verdict{display:flex;align-items:center;gap:.6rem;font-size:1.35rem;font-weight:700;color:var(--c);letter-spacing:-.01em}
.hero .verdict .i{width:1.5rem;height:1.5rem}
.hero .advice{font-size:1.12rem;margin-top:.4rem}.hero .advice b{text-transform:uppercase;letter-spacing:.04em;margin-right:.3em}
.hero .lead{font-size:1.12rem;line-height:1.45;margin-top:.5rem;max-width:68ch}
.hero .why{margin-top:.7rem;max-width:76ch;color:var(--muted)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(116px,1fr));gap:.6rem;margin-top:1.2rem;list-style:none}
.tiles li{border:1px solid var(--line);border-radius:9px;padding:.6rem .8rem}
.tiles b{display:block;font-size:1.55rem;line-height:1.15;font-weight:700}
.todo{margin-top:.45rem;padding-left:0;list-style:none;counter-reset:n}
.todo li{counter-increment:n;padding:.22rem 0 .22rem 2rem;position:relative;max-width:80ch}
.todo li::before{content:counter(n);position:absolute;left:0;top:.32rem;width:1.35rem;height:1.35rem;border-radius:50%;background:var(--sunken);color:var(--muted);font-size:.75rem;font-weight:700;display:grid;place-items:center}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:.9rem}
.two>.card{margin:0}
.facts dd{overflow-wrap:anywhere}.facts{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.15rem 1rem;font-size:.88rem}
.facts dt{color:var(--muted)}
.notes{padding-left:1.1rem;font-size:.9rem}
.notes li+li{margin-top:.2rem}
.methods{font-size:.85rem;margin-top:.5rem}
.methods dt{margin-top:.6rem}
.methods dd{color:var(--muted);max-width:90ch}
)CSS";

constexpr std::string_view tables = R"CSS(
.scroll{overflow-x:auto;position:relative;border-radius:6px}
table{border-collapse:collapse;width:100%;font-size:.87rem}
caption{text-align:left;color:var(--muted);font-size:.8rem;padding-bottom:.35rem}
th,td{padding:.42rem .6rem;text-align:left;vertical-align:middle;border-top:1px solid var(--line)}
tr>:first-child{padding-left:0}tr>:last-child{padding-right:0}
thead th{border-top:0;color:var(--muted);font-size:.76rem;font-weight:600;white-space:nowrap;vertical-align:bottom}
tbody th{font-weight:600}
.n{text-align:right;white-space:nowrap}
td small,th small{display:block;white-space:nowrap;font-weight:400}
td small.wr,th small.wr{white-space:normal}
td.br{min-width:150px;width:26%}td.bw{width:52%}
tr.gr th{padding-top:1rem;border-top:0;font-size:.9rem}
.bins{font-size:.8rem}.bins thead th{white-space:normal}.bins th,.bins td{padding:.14rem .5rem}.bins tbody th{font-weight:500}
.bt td{text-align:right;white-space:nowrap}
details>summary{cursor:pointer}
details.more{margin-top:.7rem;font-size:.87rem}
details.more>summary{color:var(--muted);padding:.25rem 0;min-height:24px}
)CSS";

constexpr std::string_view charts = R"CSS(
.iv{display:block;width:100%;height:22px;overflow:visible}
.zo{fill:var(--wa);fill-opacity:.11}
.tk{stroke:var(--line);stroke-width:2}
.z0{stroke:var(--muted);stroke-width:1}
.lw{stroke:var(--wa);stroke-width:1.5;stroke-dasharray:3 2}
.in{stroke:var(--c);stroke-width:6;stroke-linecap:round;stroke-opacity:.42}
.pt{fill:var(--c);stroke:var(--surface);stroke-width:1.5}
.of{fill:var(--c);font-size:15px;font-weight:700}
.tx{display:block;width:100%;height:16px;overflow:visible}
.tl,.tw{font-size:10.5px;fill:var(--muted)}.tw{fill:var(--wa);font-weight:700}
.hg,.hl{display:block;width:100%;height:34px}
.hl{height:150px;border-bottom:1px solid var(--muted)}
.hr{fill:var(--ref);fill-opacity:.42}
.hc{fill:var(--cur);fill-opacity:.14;stroke:var(--cur);stroke-width:1.6;vector-effect:non-scaling-stroke;stroke-linejoin:round}
.hb{fill:var(--cur)}
.xa{display:flex;justify-content:space-between;font-size:.74rem;color:var(--muted);margin-top:.2rem}
.key{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.78rem;color:var(--muted)}
.key span{display:inline-flex;align-items:center;gap:.4rem}
.key i{width:14px;height:10px;border-radius:2px;background:color-mix(in srgb,var(--ref) 45%,var(--surface))}
.key i.cu{background:color-mix(in srgb,var(--cur) 18%,var(--surface));border:2px solid var(--cur)}
.key i.ro,.key i.co{width:10px;border-radius:50%;background:none;border:2px solid var(--ref)}.key i.co{background:var(--cur);border-color:var(--cur)}
.key i.zn{background:color-mix(in srgb,var(--wa) 14%,var(--surface));border-left:2px dashed var(--wa)}
.sb{display:block;width:100%;height:9px;background:var(--sunken);border-radius:2px}
.sb+.sb{margin-top:2px}
.sb rect{fill:var(--ref)}.sb.cu rect{fill:var(--cur)}.sb.st rect{fill:var(--muted)}
.td{display:block;width:90px;height:28px}.td path{fill:none;stroke:var(--ink);stroke-width:1.5;vector-effect:non-scaling-stroke;stroke-linejoin:round;stroke-linecap:round}
.rd{display:block;width:100%;max-width:380px;margin:0 auto}.rd text{font-size:11px;fill:var(--muted)}
.rd .ax{fill:none;stroke:var(--muted)}.rd .di{stroke:var(--muted);stroke-dasharray:4 3}
.rd .rf path{stroke:var(--ref);stroke-width:2}.rd .rf circle{fill:var(--surface);stroke:var(--ref);stroke-width:2}
.rd .cu path{stroke:var(--cur);stroke-width:2}.rd .cu circle{fill:var(--cur)}
.wf{display:block;width:100%;height:26px;overflow:visible}
.wf .lv{fill:var(--ref)}.wf .lc{fill:var(--cur)}.wf .up{fill:var(--wa)}.wf .dn{fill:var(--ok)}
.wh{stroke:var(--ink);stroke-width:1.5}
.heat{border-spacing:3px;border-collapse:separate;font-size:.76rem}
.heat th,.heat td{border:0;padding:.2rem .3rem;white-space:nowrap}
.heat tbody th{max-width:16rem;white-space:normal;min-width:8rem;position:sticky;left:0;background:var(--surface)}
.heat td{text-align:center}
.heat td[class]{background:color-mix(in srgb,var(--c) 15%,var(--surface));border-radius:4px;min-width:40px}
.heat td[class]::before{color:var(--c);font-size:.62rem;vertical-align:.1em;margin-right:.4em;content:"◌"}
.heat td.ok::before{content:"●"}.heat td.wa::before{content:"▲"}.heat td.cr::before{content:"⬢"}.heat td.me::before{content:"–"}
.heat thead th{font-weight:400;text-align:center}
)CSS";

constexpr std::string_view features = R"CSS(
.tools{display:flex;flex-wrap:wrap;gap:.5rem .9rem;align-items:center;margin:.7rem 0 .9rem;font-size:.84rem}
.tools label{display:inline-flex;align-items:center;gap:.35rem;min-height:24px;cursor:pointer}
.tools input[type=checkbox]{width:1rem;height:1rem;accent-color:var(--muted);margin:0}
.tools input[type=search],.tools select{font:inherit;color:inherit;background:var(--surface);border:1px solid var(--muted);border-radius:7px;padding:.25rem .6rem;min-height:30px}
.tools .js{display:flex;flex-wrap:wrap;gap:.5rem .9rem;align-items:center;margin-left:auto}
.tools .js[hidden]{display:none}
.fl{list-style:none}
.fh,.f>details>summary{display:grid;grid-template-columns:6.6rem minmax(8rem,1fr) 8.5rem minmax(9rem,1.35fr) 8.2rem 1rem;gap:0 1rem;align-items:center;padding:.42rem 1rem}
.fh{font-size:.76rem;font-weight:600;color:var(--muted);padding-bottom:.2rem}
.f{background:var(--surface);border:1px solid var(--line);border-top-width:0}
.f:first-child{border-top-width:1px;border-radius:12px 12px 0 0}
.f:last-child{border-radius:0 0 12px 12px}
.f:only-child{border-radius:12px}
.f>details>summary{list-style:none;min-height:48px}
.f>details>summary::-webkit-details-marker{display:none}
.f>details>summary::after{content:"";width:8px;height:8px;border-right:2px solid var(--muted);border-bottom:2px solid var(--muted);transform:rotate(45deg) translate(-2px,-2px);justify-self:end}
.f>[open]>summary::after{transform:rotate(-135deg) translate(-2px,-2px)}
.f>details>summary:hover{box-shadow:inset 3px 0 var(--c)}
.f h3{font-weight:600}
.f .num{text-align:right;line-height:1.3}
.f .num small{display:block;white-space:nowrap}
.fb{padding:.4rem 1rem 1.3rem 1rem;border-top:1px dashed var(--line)}
.fb>p{max-width:80ch;margin:.5rem 0 .9rem}
.fg{display:grid;grid-template-columns:minmax(0,1.5fr) minmax(0,1fr);gap:1.6rem;align-items:start}
.fb .scroll{margin-top:1rem}
.cut{padding:.8rem 1rem;color:var(--muted);font-size:.88rem}
.wl{list-style:none;display:grid;gap:.6rem}
.wl li{display:grid;grid-template-columns:6.6rem minmax(0,1fr) minmax(10rem,18rem);gap:.2rem 1.1rem;align-items:center;background:var(--surface);border:1px solid var(--line);border-left:4px solid var(--c);border-radius:10px;padding:.75rem 1rem}
.wl h3 a{text-decoration:none}.wl h3 a:hover{text-decoration:underline}
.wl .bx small{display:flex;justify-content:space-between;gap:.6rem}
)CSS";

constexpr std::string_view adapting = R"CSS(
:root:has(#k-cr:not(:checked)) .f.cr,:root:has(#k-wa:not(:checked)) .f.wa,:root:has(#k-un:not(:checked)) .f.un,:root:has(#k-ok:not(:checked)) .f.ok,:root:has(#k-me:not(:checked)) .f.me{display:none}
@media(max-width:1080px){.page{grid-template-columns:minmax(0,1fr)}nav{position:static;padding:.2rem 0;max-height:none}nav ol{display:flex;flex-wrap:wrap;gap:.15rem}}
@media(max-width:760px){
body{font-size:14.5px}header.top,.page{padding-left:.9rem;padding-right:.9rem}
.hero{padding:1.1rem 1rem}.card{padding:.9rem}
.fh{display:none}
.f h3{overflow-wrap:anywhere}.f>details>summary{grid-template-columns:minmax(0,1fr) auto;gap:.15rem .8rem;padding:.6rem .9rem}
.f>details>summary::after{display:none}
.f .st{grid-column:1/-1}.f .hg,.f .iv{grid-column:1/-1}
.f .num{grid-row:2;grid-column:2}.f .num small{display:inline}
.fg{grid-template-columns:minmax(0,1fr)}
.wl li{grid-template-columns:minmax(0,1fr)}
.tools .js{margin-left:0}
td.br{min-width:60px}.bins th,.bins td{padding:.14rem .3rem}.bins tbody th{overflow-wrap:anywhere}
nav ol{flex-wrap:nowrap;overflow-x:auto}nav a{white-space:nowrap}
}
@media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media(forced-colors:active){.hr,.sb rect,.wf rect{forced-color-adjust:none}}
@media print{
@page{margin:14mm 12mm}
body{font-size:9.5pt;background:#fff}nav,.theme,.tools,.skip{display:none}
.page{display:block;padding:0;max-width:none}header.top{padding:0 0 4mm}
.wl li,.f summary,tr,figure{break-inside:avoid}h2,h3,.fh,.key{break-after:avoid}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.f.cr>details::details-content,.f.wa>details::details-content{content-visibility:visible;display:block}
.heat{font-size:6.5pt;border-spacing:1px}.heat td[class]{min-width:0}.td{width:50px}
.f>details>summary::after{display:none}.scroll{overflow:visible}
}
)CSS";

constexpr std::string_view search_and_sort = R"JS((()=>{
const list=document.getElementById("columns"),tools=document.getElementById("js-tools");
if(!list||!tools)return;
tools.hidden=false;
const rows=[...list.querySelectorAll("li.f")],said=document.getElementById("shown");
const name=r=>r.querySelector("h3").textContent;
const orders={worst:(a,b)=>rows.indexOf(a)-rows.indexOf(b),name:(a,b)=>name(a).localeCompare(name(b)),moved:(a,b)=>b.dataset.v-a.dataset.v};
document.getElementById("find").addEventListener("input",e=>{
const word=e.target.value.trim().toLowerCase();let n=0;
for(const r of rows){const hit=name(r).toLowerCase().includes(word);r.hidden=!hit;n+=hit}
said.textContent=word?n+" of "+rows.length+" columns":"";
});
document.getElementById("order").addEventListener("change",e=>{
list.append(...[...rows].sort(orders[e.target.value]));
});
})())JS";

}  // namespace

std::string style_sheet() {
  const std::string light = variables(light_palette, "light"), dark = variables(dark_palette, "dark");
  std::string css = fmt::format(
      ":root{{{0}}}@media(prefers-color-scheme:dark){{:root:not(:has(#t-light:checked)){{{1}}}}}"
      ":root:has(#t-dark:checked){{{1}}}@media print{{:root:has(#main#main){{{0}}}}}",
      light, dark);
  for (const std::string_view part : {base, layout, tables, charts, features, adapting}) css.append(part);
  return css;
}

std::string_view script() { return search_and_sort; }

std::string_view script_hash() { return "sha256-4hjL/87SZ0WCWAYKGcpBrMv33aXqk3GmCOf96j1zs5Q="; }

}  // namespace leeway::reports
