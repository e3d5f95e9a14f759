// The element's style. Hosts set the --rc- properties; every colour is one of them.

export const style = `
:host{display:block;color-scheme:inherit;font:inherit;font-size:14px;line-height:20px;container:rc/inline-size;
--bg:var(--rc-surface,light-dark(#fff,#181b1e));--sunken:var(--rc-sunken,light-dark(#f1f1ee,#0d0f10));
--line:var(--rc-line,light-dark(#dedfda,#2b3035));--edge:var(--rc-edge,light-dark(#84867f,#717980));
--ink:var(--rc-ink,light-dark(#17191b,#e9ebed));--ink-2:var(--rc-ink-2,light-dark(#43474b,#b9bfc5));--ink-3:var(--rc-ink-3,light-dark(#5c6065,#979fa7));
--ok:var(--rc-ok,light-dark(#0a58a3,#79b8ff));--ok-bg:var(--rc-ok-bg,light-dark(#e6f0fa,#12283f));
--bad:var(--rc-bad,light-dark(#ad2b08,#ff9673));--bad-bg:var(--rc-bad-bg,light-dark(#fdece5,#3a1b11));
--on:var(--rc-on,light-dark(#fff,#111315));--key:var(--rc-key,light-dark(#5b3f8f,#c3adf0));--string:var(--rc-str,light-dark(#1d5c4a,#8fcfb8));
--focus:var(--rc-focus,light-dark(#17191b,#fff));
--mono:var(--rc-mono,ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace)}
:host([theme=light]){color-scheme:light}:host([theme=dark]){color-scheme:dark}:host([hidden]){display:none}
*{box-sizing:border-box}p,figure,pre,dl,dd{margin:0}
.card{border:1px solid var(--edge);border-radius:var(--rc-radius,6px);overflow:hidden;background:var(--bg);color:var(--ink);text-align:start}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
:focus-visible{outline:2px solid var(--focus);outline-offset:-2px}
.icon{width:16px;height:16px;flex:none;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.verdict{display:flex;align-items:stretch;min-height:46px;border-bottom:1px solid var(--v,var(--line));background:var(--v-bg,transparent)}
.allow{--v:var(--ok);--v-bg:var(--ok-bg)}.deny{--v:var(--bad);--v-bg:var(--bad-bg)}
.stamp{display:flex;align-items:center;gap:8px;padding:6px 14px;background:var(--v,transparent);color:var(--on);font-size:16px;line-height:24px;font-weight:650}
.stamp .icon{width:20px;height:20px;stroke-width:2}
.undecided,.none{border-bottom:2px dashed var(--edge)}.undecided .stamp,.none .stamp{color:var(--ink);border-inline-end:2px dashed var(--edge)}
.headline{align-self:center;padding:6px 14px;line-height:19px;font-weight:550;overflow-wrap:anywhere}
.reason{padding:10px 12px;border-bottom:1px solid var(--line)}.reason:empty{display:none}
.stale{margin-top:8px;padding-top:8px;border-top:1px dashed var(--edge);--bad:var(--ink-2);--bad-bg:transparent;--ok:var(--ink-2);color:var(--ink-2)}
.comparison{padding-bottom:8px;margin-bottom:8px;border-bottom:1px solid var(--line)}
.comparison>div{display:flex;flex-wrap:wrap;row-gap:8px;font:13px/20px var(--mono);font-variant-ligatures:none;white-space:pre}
.comparison>div>span{display:grid;grid-template-rows:20px 13px 20px}
.comparison i{font-style:normal;font-weight:700;line-height:13px;overflow:hidden;color:var(--bad)}.covered i{color:var(--ok);font-weight:500}
.comparison .names{min-width:56px;padding-inline-end:8px;font-size:12px;color:var(--ink-3)}
code{font-family:var(--mono);font-size:.93em;overflow-wrap:anywhere}
.differs>span{color:var(--bad);background:var(--bad-bg);font-weight:600;box-shadow:inset 0 -2px var(--bad)}
.differs>.gap{box-shadow:none;outline:1px dashed var(--bad);outline-offset:-2px}.covered>span{color:var(--ok)}
.help{font-size:12.5px;color:var(--ink-2);overflow-wrap:anywhere}
.boxes{display:grid;gap:4px;padding:10px 12px;border-bottom:1px solid var(--line)}.boxes label{font-weight:600}
textarea{width:100%;padding:8px 10px;border:1px solid var(--edge);border-radius:4px;background:var(--sunken);color:inherit;font:12.5px/19px var(--mono);resize:vertical}
.listing{overflow:auto;max-height:var(--rc-height,none);background:var(--sunken);border-bottom:1px solid var(--line)}
.listing pre{counter-reset:line;padding:8px 0;font:12.5px/19px var(--mono);font-variant-ligatures:none;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:2}
.line{display:block;position:relative;min-height:19px;padding:0 9px 0 58px}
.line::before{counter-increment:line;content:counter(line);position:absolute;left:0;width:30px;text-align:end;color:var(--ink-3);font-size:11.5px}
.line>.icon{position:absolute;left:36px;top:2px;width:15px;height:15px}.icon.pass{color:var(--ok)}.icon.fail{color:var(--bad)}.icon.unknown,.icon.none,.icon.lock{color:var(--ink-3)}
.stamp .icon{color:inherit}
.failing{background:var(--bad-bg);box-shadow:inset 3px 0 var(--bad)}
.key{color:var(--key)}.string{color:var(--string)}.sign{color:var(--ink-3)}
.met{color:var(--ok);text-decoration:underline;text-decoration-thickness:2px;text-underline-offset:4px}
.missed{color:var(--bad);text-decoration:underline wavy var(--bad) 1.25px;text-underline-offset:4px}
.unclear{text-decoration:underline dashed var(--ink-3) 1.5px;text-underline-offset:4px}
.claims{display:flex;flex-wrap:wrap;gap:0 18px;padding:8px 12px;border-bottom:1px solid var(--line);font:12.5px/20px var(--mono)}
.claims div{display:flex;gap:8px;min-height:22px}.claims dt{color:var(--ink-3)}.claims dd{overflow-wrap:anywhere}
.foot{display:flex;flex-wrap:wrap;gap:4px 10px;align-items:center;padding:6px 12px;font-size:12.5px;color:var(--ink-2)}
.foot a,.foot button{min-height:24px;color:inherit;text-decoration:underline;text-underline-offset:3px}.foot a{display:inline-flex;align-items:center;margin-inline-start:auto}.foot button{padding:0;border:0;background:none;font:inherit;cursor:pointer}
@container rc (max-width:519px){.line{padding-left:42px}.line::before{width:20px;font-size:11px}.line>.icon{left:23px}.stamp{padding:6px 10px}.headline{padding:6px 10px}}
@media (forced-colors:active){.icon{color:inherit!important}.allow .stamp,.deny .stamp{forced-color-adjust:none;background:CanvasText;color:Canvas}.failing{outline:1px solid}.differs>span{border-bottom:2px solid}}
`;
