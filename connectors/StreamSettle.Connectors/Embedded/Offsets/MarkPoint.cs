namespace StreamSettle.Connectors.Embedded.Offsets;

/// <summary>
/// The last mark in what was read. The slot is not acknowledged beyond it, so the server sends it again when the stream goes on: one that does not have it there is
/// not the one that was read, however far it has come.
/// </summary>
/// <param name="Commit">Start of its transaction's commit record.</param>
/// <param name="Content">Of its message; no other ever has the same.</param>
internal sealed record MarkPoint(ulong Commit, string Content);
