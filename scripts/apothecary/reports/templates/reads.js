"use strict";
// Shows the reads that the page holds; nothing is loaded from elsewhere.
const held = JSON.parse(document.getElementById("held").textContent);
const place = document.getElementById("igv");
igv
  .createBrowser(place, {
    reference: { id: "GRCh38", name: "GRCh38", fastaURL: held.reference, indexed: false },
    loadDefaultGenomes: false,
    search: false,
    locus: held.locus,
    showSVGButton: false,
    tracks: [
      { name: "", type: "alignment", format: "bam", url: held.reads, indexed: false, height: 500, showSoftClips: true },
    ],
  })
  .then((browser) => {
    for (const button of document.querySelectorAll("button[data-locus]")) {
      button.addEventListener("click", () => browser.search(button.dataset.locus));
    }
    place.dataset.ready = "yes";
  });
