namespace StreamSettle.Streams.Runtime;

/// <summary>How long a thread rests after commits that did not happen: longer each time, so that a full disk is not made busier.</summary>
static class Backoff
{
    static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);

    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <param name="abortsInARow">Commits that did not happen since the last one that did.</param>
    public static TimeSpan After(int abortsInARow)
    {
        const int doublingsMax = 16;
        var pause = First * (1L << Math.Clamp(abortsInARow - 1, 0, doublingsMax));
        return abortsInARow == 0 ? TimeSpan.Zero : pause < Longest ? pause : Longest;
    }
}
