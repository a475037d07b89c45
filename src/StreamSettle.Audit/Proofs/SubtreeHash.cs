namespace StreamSettle.Audit.Proofs;

/// <summary>The head of the tree over the leaves from <paramref name="start"/> up to, not including, <paramref name="end"/>. What was kept of full subtrees need not be hashed again.</summary>
public delegate TreeHash SubtreeHash(long start, long end);
