"""What retrieval environments share: data, embedders, vectors, indexes, fusion, metrics."""
