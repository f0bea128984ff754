// Contrast of every visible text of the open page against what is painted behind it, and of the map's lines.
// Luminance and ratio as in WCAG 2.2, "relative luminance" and "contrast ratio".
() => {
  const parse = (color) => {
    const [r, g, b, alpha = 1] = color.match(/[\d.]+/g).map(Number);
    return { rgb: [r, g, b], alpha };
  };
  const luminance = ({ rgb }) => {
    const [r, g, b] = rgb.map((value) => {
      const s = value / 255;
      return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const isDrawn = (element) => element instanceof SVGGeometryElement;
  const isWriting = (element) => element instanceof SVGTextContentElement;

  /** The colour painted at a point, below all writing; null where the page's own background shows. */
  const backgroundAt = (x, y) => {
    for (const element of document.elementsFromPoint(x, y)) {
      if (isWriting(element)) continue;
      const style = getComputedStyle(element);
      const paint = isDrawn(element) ? style.fill : style.backgroundColor;
      if (paint === "none") continue;
      const color = parse(paint);
      if (color.alpha === 1) return color;
      if (color.alpha > 0) throw new Error(`half-transparent background: ${element.outerHTML.slice(0, 80)}`);
    }
    return parse(getComputedStyle(document.body).backgroundColor);
  };

  const results = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("script, title, desc") || !element.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getClientRects()[0];
    if (!box || box.bottom < 0) continue;
    const style = getComputedStyle(element);
    const color = parse(isWriting(element) ? style.fill : style.color);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    results.push({
      what: node.data.trim().slice(0, 40),
      ratio: ratio(color, backgroundAt(box.x + box.width / 2, box.y + box.height / 2)),
      needed: isLarge ? 3 : 4.5,
    });
  }
  const map = document.querySelector(".map");
  for (const line of map ? map.querySelectorAll(".rail, .stops > *") : []) {
    const style = getComputedStyle(line);
    const card = parse(getComputedStyle(map).backgroundColor);
    results.push({ what: `map: ${line.outerHTML.slice(0, 40)}`, ratio: ratio(parse(style.stroke), card), needed: 3 });
  }
  return results;
}
