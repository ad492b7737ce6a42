"""The page of a report for the patient: plain words, a card for the wallet, several languages."""
