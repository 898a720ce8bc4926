"""What makes a result believable: pairing, clusters, evidence that may be looked at any time."""
