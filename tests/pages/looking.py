"""What can be told of a page by looking at it: measured in the browser, from pixels and layout."""

import base64
from typing import Any

from playwright.sync_api import Page

LAYOUT = """() => {
  const shown = (element) => {
    const style = getComputedStyle(element);
    return style.visibility !== 'hidden' && style.display !== 'none' && +style.opacity > 0.05
      && element.checkVisibility();
  };
  const lifted = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (['fixed', 'sticky'].includes(style.position)) return true;
      if (style.clipPath !== 'none' || style.clip !== 'auto') return true;
      if (at.matches('[popover], dialog, .table-wrap, select, option')) return true;
    }
    return false;
  };
  const lines = [], broken = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.data.trim() || !shown(parent) || lifted(parent)) continue;
    if (['SCRIPT', 'STYLE', 'TEXTAREA', 'NOSCRIPT'].includes(parent.tagName)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()];
    const words = node.data.trim().split(/[\\s\\u00ad/–-]+/).length;
    if (boxes.length > words && parent.closest('h1, h2, h3, th, button, label, summary')) {
      broken.push(node.data.trim().slice(0, 40));
    }
    for (const box of boxes) {
      if (box.width < 2 || box.height < 2) continue;
      // a line box is taller than its letters: what counts is the part that holds ink
      const letters = 1.05 * parseFloat(getComputedStyle(parent).fontSize);
      const slack = Math.max(0, box.height - letters) / 2;
      lines.push({
        text: node.data.trim().slice(0, 40), node,
        left: box.left, right: box.right, top: box.top + slack, bottom: box.bottom - slack,
      });
    }
  }
  const overlaps = [];
  lines.sort((a, b) => a.top - b.top);
  for (let i = 0; i < lines.length; i++) {
    for (let j = i + 1; j < lines.length && lines[j].top < lines[i].bottom; j++) {
      const a = lines[i], b = lines[j];
      if (a.node === b.node) continue;
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 2 && high > 2) overlaps.push(`${a.text} | ${b.text}`);
    }
  }
  const clipped = [...document.querySelectorAll('main *')].filter((element) => {
    if (!element.childNodes.length || !shown(element) || lifted(element)) return false;
    const style = getComputedStyle(element);
    const hides = ['hidden', 'clip'].includes(style.overflowX);
    const holdsText = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    return hides && holdsText && element.scrollWidth > element.clientWidth + 1;
  }).map((element) => element.className + ': ' + element.innerText.slice(0, 40));
  const outside = lines.filter((line) => line.right > innerWidth + 1 || line.left < -1);
  return {
    overflow: document.documentElement.scrollWidth - innerWidth,
    lang: document.documentElement.lang,
    overlaps, clipped, broken,
    outside: outside.map((line) => line.text),
    headings: [...document.querySelectorAll('h1')].map((h) => h.innerText.trim()),
    nameless: [...document.querySelectorAll('img:not([alt]), svg[role=img]:not([aria-label])')]
      .map((image) => image.outerHTML.slice(0, 80)),
  };
}"""

WORDS = """() => {
  const left_out = '[lang]:not(html), .answer__text, blockquote, script, style, textarea, code, '
    + 'datalist, .figure__canvas';
  const parts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.data.trim() && !node.parentElement.closest(left_out)) parts.push(node.data.trim());
  }
  for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
    if (element.closest(left_out)) continue;
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
      if (element.getAttribute(name)) parts.push(element.getAttribute(name));
    }
  }
  parts.push(document.title);
  return parts;
}"""

INK = """async (picture) => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + picture;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const brush = canvas.getContext('2d');
  brush.drawImage(image, 0, 0);
  const pixels = brush.getImageData(0, 0, image.width, image.height).data;
  const count = new Map();
  for (let i = 0; i < pixels.length; i += 4 * 97) {
    const key = pixels[i] << 16 | pixels[i + 1] << 8 | pixels[i + 2];
    count.set(key, (count.get(key) || 0) + 1);
  }
  const paper = [...count].sort((a, b) => b[1] - a[1])[0][0];
  const [r, g, b] = [paper >> 16, paper >> 8 & 255, paper & 255];
  let ink = 0;
  for (let i = 0; i < pixels.length; i += 4) {
    const far = Math.max(
      Math.abs(pixels[i] - r), Math.abs(pixels[i + 1] - g), Math.abs(pixels[i + 2] - b));
    if (far > 24) ink += 1;
  }
  return { ink: ink / (pixels.length / 4), paper: [r, g, b] };
}"""


def layout_of(page: Page) -> dict[str, Any]:
    """Overflow, overlapping, clipped and broken words, headings, images without a name."""
    found: dict[str, Any] = page.evaluate(LAYOUT)
    return found


def words_of(page: Page) -> list[str]:
    """Every text of the page that is ours: no verbatims, nothing marked with its own language."""
    found: list[str] = page.evaluate(WORDS)
    return found


def ink_of(canvas: Page, picture: bytes) -> tuple[float, tuple[int, int, int]]:
    """The share of pixels that differ from the paper, and the colour of the paper.

    `canvas` is a blank page of a context without a content policy.
    """
    found = canvas.evaluate(INK, base64.b64encode(picture).decode())
    red, green, blue = found["paper"]
    return found["ink"], (red, green, blue)
