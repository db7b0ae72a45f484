// Puts a map that can be moved in the place of the one drawn on the server, when it comes near the
// screen. Everything it shows stands in lists on the same page too.
(() => {
  "use strict";

  let leaflet = null;

  const load = (data) => {
    if (leaflet) return leaflet;
    leaflet = new Promise((resolve, reject) => {
      const sheet = document.createElement("link");
      sheet.rel = "stylesheet";
      sheet.href = data.leafletCss;
      // Before map.css, which says how this site's map differs.
      document.head.prepend(sheet);
      const script = document.createElement("script");
      script.src = data.leafletJs;
      script.onload = () => resolve(window.L);
      script.onerror = reject;
      document.head.append(script);
    });
    return leaflet;
  };

  const linkTo = (properties) => {
    const box = document.createElement("div");
    const link = document.createElement("a");
    link.href = properties.url;
    link.textContent = properties.name;
    box.append(link);
    if (properties.state_word) {
      const state = document.createElement("p");
      state.textContent = properties.state_word;
      box.append(state);
    }
    return box;
  };

  // Leaflet's areas answer to a pointer alone: make each a link for the keyboard as well. Its outline
  // lies above the others' while it has the focus: moving the area itself would lose the focus.
  const openByKeyboard = (L, map, layer, properties) => {
    const path = layer.getElement();
    if (!path) return;
    path.setAttribute("tabindex", "0");
    path.setAttribute("role", "link");
    path.setAttribute("aria-label", properties.name);
    path.addEventListener("keydown", (event) => {
      if (event.key === "Enter") window.location.assign(properties.url);
    });
    const outline = L.geoJSON(layer.feature, {
      interactive: false,
      style: { color: "#000000", weight: 6, fill: false },
    });
    path.addEventListener("focus", () => {
      if (path.matches(":focus-visible")) outline.addTo(map);
    });
    path.addEventListener("blur", () => outline.remove());
  };

  const show = (L, frame, features) => {
    const data = frame.dataset;
    const box = document.createElement("div");
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", data.label);
    frame.append(box);
    frame.classList.add("is-live");
    const map = L.map(box, {
      zoomControl: false,
      scrollWheelZoom: false,
      // One finger scrolls the page, two move the map.
      dragging: !L.Browser.mobile,
      zoomSnap: 0.25,
      fadeAnimation: false,
      zoomAnimation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    map.attributionControl.setPrefix(false);
    L.control.zoom({ zoomInTitle: data.zoomIn, zoomOutTitle: data.zoomOut }).addTo(map);
    if (data.tiles) {
      L.tileLayer(data.tiles, { attribution: data.attribution, maxZoom: 19 }).addTo(map);
    }
    const areas = features.filter((feature) => feature.properties.thing === "neighbourhood");
    const goods = features.filter((feature) => feature.properties.thing === "good");
    let focus = null;
    const drawn = L.geoJSON(areas, {
      style: (feature) => ({
        className: `territory-live-area territory-tint-${(areas.indexOf(feature) % 6) + 1}`,
        color: data.tiles || feature.properties.slug === data.focus ? "#17324d" : "#ffffff",
        weight: feature.properties.slug === data.focus ? 4 : 2,
        fillOpacity: data.tiles ? 0.35 : 1,
      }),
      onEachFeature: (feature, layer) => {
        // The one in the middle is named by the page itself.
        if (feature.properties.slug === data.focus) {
          focus = layer;
          return;
        }
        const [longitude, latitude] = feature.properties.label_at;
        L.tooltip({ permanent: true, direction: "center", className: "territory-name" })
          .setLatLng([latitude, longitude])
          // A node, since Leaflet reads text as HTML.
          .setContent(document.createTextNode(feature.properties.name))
          .addTo(map);
        layer.on("click", () => window.location.assign(feature.properties.url));
      },
    });
    const shown = focus ? focus.getBounds() : drawn.getBounds();
    map.fitBounds(shown, { padding: [12, 12], animate: false });
    drawn.addTo(map);
    if (focus) focus.bringToFront();
    drawn.eachLayer((layer) => openByKeyboard(L, map, layer, layer.feature.properties));
    const icon = L.divIcon({ className: "territory-pin", iconSize: [24, 24] });
    if (data.mark) {
      L.marker(data.mark.split(",").map(Number), {
        icon,
        title: data.markName,
        interactive: false,
        keyboard: false,
      }).addTo(map);
    }
    goods
      .filter((good) =>
        data.good
          ? good.properties.slug === data.good
          : !data.mark && data.focus && good.properties.neighbourhood === data.focus,
      )
      .forEach((good) => {
        const [longitude, latitude] = good.geometry.coordinates;
        const marker = L.marker([latitude, longitude], {
          icon,
          title: good.properties.name,
          alt: good.properties.name,
        }).addTo(map);
        marker.getElement().setAttribute("aria-label", good.properties.name);
        marker.bindPopup(linkTo(good.properties));
        marker.on("popupopen", (event) => {
          const close = event.popup.getElement().querySelector(".leaflet-popup-close-button");
          if (close) close.setAttribute("aria-label", data.close);
        });
      });
  };

  // The drawing goes when the map comes: not while somebody's focus is on one of its links.
  const showOnceLeft = (L, frame, features) => {
    if (!frame.contains(document.activeElement)) {
      show(L, frame, features);
      return;
    }
    const later = () => setTimeout(() => showOnceLeft(L, frame, features));
    frame.addEventListener("focusout", later, { once: true });
  };

  const start = async (frame) => {
    const data = frame.dataset;
    try {
      const [L, answer] = await Promise.all([load(data), fetch(data.geojson)]);
      if (!answer.ok) return;
      const collection = await answer.json();
      if (collection.features.length) showOnceLeft(L, frame, collection.features);
    } catch {
      // The drawing stays.
    }
  };

  const watch = new IntersectionObserver(
    (entries) => {
      entries
        .filter((entry) => entry.isIntersecting)
        .forEach((entry) => {
          watch.unobserve(entry.target);
          start(entry.target);
        });
    },
    { rootMargin: "200px" },
  );
  document.querySelectorAll("[data-territory-map]").forEach((frame) => watch.observe(frame));
})();
