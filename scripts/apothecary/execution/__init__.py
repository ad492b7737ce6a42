"""How a run is started, owned, taken up again and looked back on."""
