(() => {
  const svg = document.getElementById('treemap');
  const whole = svg.getAttribute('viewBox').split(' ').map(Number);
  const shapes = Array.from(svg.querySelectorAll('rect')).map(rect => ({
    rect,
    text: rect.nextElementSibling,
    label: rect.nextElementSibling.getAttribute('data-label'),
    x: Number(rect.getAttribute('x')), y: Number(rect.getAttribute('y')),
    w: Number(rect.getAttribute('width')), h: Number(rect.getAttribute('height')),
  }));
  let view = whole;

  // Labels keep their size on the screen, whatever part of the picture is shown and however wide the page is.
  function draw() {
    svg.setAttribute('viewBox', view.join(' '));
    const unit = Math.max(view[2] / Math.max(svg.clientWidth, 1), view[3] / Math.max(svg.clientHeight, 1));
    for (const s of shapes) {
      const left = Math.max(s.x, view[0]), top = Math.max(s.y, view[1]);
      const letters = Math.floor(((s.x + s.w - left) / unit - 8) / 6.6);
      const shown = letters >= 3 && s.h / unit >= 15 && left < view[0] + view[2] && top < view[1] + view[3];
      s.text.textContent = !shown ? '' : s.label.length <= letters ? s.label : s.label.slice(0, letters - 1) + '…';
      s.text.setAttribute('x', left + 4 * unit);
      s.text.setAttribute('y', top + 12 * unit);
      s.text.setAttribute('font-size', 11 * unit);
      s.text.setAttribute('class', s.text.getAttribute('data-class'));
    }
  }

  function show(rect) {
    const s = shapes.find(shape => shape.rect === rect);
    const same = s && s.x === view[0] && s.y === view[1] && s.w === view[2];
    view = !s || same ? whole : [s.x, s.y, s.w, s.h];
    draw();
  }

  svg.addEventListener('click', event => {
    const chain = shapes.filter(s => s.rect.classList.contains('m') && s.w <= view[2] && inside(s, event));
    const next = chain.find(s => s.w < view[2] - 1 || s.h < view[3] - 1);
    show(next && event.target.closest('rect') ? next.rect : null);
  });
  svg.addEventListener('keydown', event => {
    if (event.key === 'Enter') { show(event.target); }
  });
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') { show(null); }
  });
  function inside(s, event) {
    const box = s.rect.getBoundingClientRect();
    return event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top
      && event.clientY <= box.bottom;
  }
  window.addEventListener('resize', draw);
  draw();
})();
