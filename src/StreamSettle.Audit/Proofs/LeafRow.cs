namespace StreamSettle.Audit.Proofs;

/// <summary>
/// Leaves as they are kept beside the events: those behind each other from a place on, never over the end of a block. By them <c>audit verify</c> tells which event is another, and a proof
/// costs reading one block and the roots of the others, not all events.
/// </summary>
/// <param name="First">Place of the first.</param>
/// <param name="BlockRoot">The root over the block's <see cref="BlockSize"/> leaves, in the row that completes it.</param>
/// <param name="BlockLastSequence">Marten's sequence number of the block's last event, in the same row.</param>
public sealed record LeafRow(long First, ReadOnlyMemory<TreeHash> Hashes, TreeHash? BlockRoot, long? BlockLastSequence)
{
    /// <summary>Levels of the tree in a block.</summary>
    public const int BlockLevel = 8;

    /// <summary>Leaves of a block.</summary>
    public const int BlockSize = 1 << BlockLevel;
}
